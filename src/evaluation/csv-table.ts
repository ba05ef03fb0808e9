import { EvaluationError } from '../domain/errors.ts';

export interface CsvRow {
  /** Line of the file, from 1; the header is line 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads a plain comma-separated table: a header line with exactly the expected columns, then as many
 * cells in every row. Quotes are refused rather than guessed at: the lists here are paths and flags.
 * Ends of line may be LF or CRLF; blank lines at the end are ignored.
 * @param source  name of the file, for messages
 * @throws PORTICO_EVALUATION_DATA naming the line
 */
export function csvTable(
  text: string,
  columns: readonly string[],
  source: string,
): readonly CsvRow[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .replace(/\s+$/, '')
    .split(/\r?\n/);
  const header = lines[0]?.trim() ?? '';
  if (header !== columns.join(',')) {
    throw csvFault(source, 1, `the header is '${header}', not '${columns.join(',')}'`);
  }
  const rows = lines.slice(1).map((content, index) => {
    const line = index + 2;
    const cells = content.split(',').map((cell) => cell.trim());
    if (content.includes('"')) throw csvFault(source, line, 'quoted cells are not supported');
    if (cells.length !== columns.length || cells.includes('')) {
      throw csvFault(source, line, `expected ${columns.length} cells, found '${content}'`);
    }
    return { line, cells };
  });
  if (rows.length === 0) throw csvFault(source, 2, 'there is no row');
  return rows;
}

export function csvFault(source: string, line: number, what: string): EvaluationError {
  return new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `${source}, line ${line}: ${what}`,
    remedy: 'Mend that line; the format is in docs/evaluation.md.',
    context: { file: source, line },
  });
}
