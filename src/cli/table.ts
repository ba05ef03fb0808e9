type Row = readonly string[];

const GAP = '  ';
/** A longer word than this share of the terminal is broken rather than given its column. */
const LONGEST_WORD = 0.4;

/**
 * Columns as wide as their widest cell; the last one is not padded. Cells are plain text.
 * @param width  of the terminal in cells: where the table is wider, its widest columns are broken into
 *               lines at spaces. Absent: one line a row, for whoever searches or cuts it.
 */
export function renderTable(header: Row, rows: readonly Row[], width?: number): string {
  const all = [header, ...rows];
  const widest = (measure: (cell: string) => number): number[] =>
    header.map((_, column) => Math.max(...all.map((row) => measure(row[column] ?? ''))));
  const widths = widest(displayWidth);
  if (width !== undefined) narrow(widths, widest(longestWord), width);
  const rule = widths.map((cells) => '─'.repeat(cells));
  return [header, rule, ...rows].flatMap((row) => rowLines(row, widths)).join('\n');
}

/** Takes from the widest column that can give, until all fit or none can give more. */
function narrow(widths: number[], words: readonly number[], width: number): void {
  const least = words.map((word) => Math.min(word, Math.floor(width * LONGEST_WORD)));
  const whole = widths.reduce((sum, cells) => sum + cells, GAP.length * (widths.length - 1));
  for (let excess = whole - width; excess > 0; excess -= 1) {
    const spare = widths.map((cells, column) => (cells > (least[column] ?? 0) ? cells : 0));
    const giver = spare.indexOf(Math.max(...spare));
    if (spare[giver] === 0) return;
    widths[giver] = (widths[giver] ?? 0) - 1;
  }
}

const longestWord = (text: string): number => Math.max(...text.split(' ').map(displayWidth));

function rowLines(row: Row, widths: readonly number[]): readonly string[] {
  const cells = row.map((cell, column) => broken(cell, widths[column] ?? 0));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    cells
      .map((lines, column) => padded(lines[at] ?? '', widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - displayWidth(text)));

/** Lines of at most `width` cells, broken at spaces; a word that is longer, wherever the line ends. */
function broken(text: string, width: number): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => pieces(long, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || displayWidth(longer) <= width) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  const parts = [''];
  for (const character of word) {
    const grown = `${parts.at(-1) ?? ''}${character}`;
    if (displayWidth(grown) <= width) parts[parts.length - 1] = grown;
    else parts.push(character);
  }
  return parts;
}

/** Terminal cells: CJK and other wide characters take two. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
