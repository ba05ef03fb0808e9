import { PorticoError } from '../domain/errors.ts';

/** One row by the names of its columns; empty cells are absent. */
export type CsvRow = ReadonlyMap<string, string>;

/**
 * Reads a table as spreadsheets write it (RFC 4180): commas or semicolons, quotes where needed, a
 * header line with the columns in any order.
 * @throws PORTICO_USAGE naming the file, when a column is missing or unknown, or a quote stays open
 */
export function csvRows(
  text: string,
  columns: { readonly required: readonly string[]; readonly optional: readonly string[] },
  file: string,
): readonly CsvRow[] {
  const separator = /^[^\r\n,]*;/.test(text) ? ';' : ',';
  const [header = [], ...rows] = cellsOf(text.replace(/^\uFEFF/, ''), separator, file);
  const names = header.map((name) => name.trim().toLowerCase().replace(/[ -]/g, '_'));
  const known = [...columns.required, ...columns.optional];
  const missing = columns.required.filter((name) => !names.includes(name));
  const foreign = names.filter((name) => !known.includes(name));
  if (missing.length > 0 || foreign.length > 0) {
    throw misuse(file, `its columns must be among ${known.join(', ')}, it has ${names.join(', ')}`);
  }
  return rows.map((cells) => {
    const pairs = names.map((name, index) => [name, (cells[index] ?? '').trim()] as const);
    return new Map(pairs.filter(([, value]) => value !== ''));
  });
}

/** Rows of cells; rows without anything in them are left out. */
function cellsOf(text: string, separator: string, file: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  const endCell = (): void => {
    rows.at(-1)?.push(cell);
    cell = '';
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (isQuoted && character === '"' && text[index + 1] === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"' && (isQuoted || cell.trim() === '')) isQuoted = !isQuoted;
    else if (isQuoted) cell += character;
    else if (character === separator) endCell();
    else if (character === '\n') {
      endCell();
      rows.push([]);
    } else if (character !== '\r') cell += character;
  }
  endCell();
  if (isQuoted) throw misuse(file, 'a quote in it is never closed');
  return rows.filter((row) => row.some((value) => value.trim() !== ''));
}

const misuse = (file: string, what: string): PorticoError =>
  new PorticoError('PORTICO_USAGE', {
    message: `${file}: ${what}`,
    remedy: 'Mend the file; nothing was enrolled.',
    context: { file },
  });
