import { csvFault, csvTable } from './csv-table.ts';

/** Two pictures, as paths relative to the root of the data, and whether they show one person. */
export interface LabelledPair {
  readonly left: string;
  readonly right: string;
  readonly mated: boolean;
  /** Line of the list it came from. */
  readonly line: number;
}

export const PAIR_COLUMNS = ['left', 'right', 'mated'] as const;

/**
 * Reads a list of labelled pairs: columns left,right,mated; mated is 1 (same person) or 0.
 * @throws PORTICO_EVALUATION_DATA naming the line
 */
export function parsePairsCsv(text: string, source: string): readonly LabelledPair[] {
  return csvTable(text, PAIR_COLUMNS, source).map(({ line, cells }) => {
    const [left = '', right = '', mated = ''] = cells;
    if (mated !== '0' && mated !== '1') {
      throw csvFault(source, line, `mated is '${mated}', not 0 or 1`);
    }
    for (const path of [left, right]) {
      if (leavesRoot(path)) throw csvFault(source, line, `'${path}' leaves the root folder`);
    }
    return { left, right, mated: mated === '1', line };
  });
}

/** Absolute paths and steps upwards: a list describes pictures under its root and no other file. */
export function leavesRoot(path: string): boolean {
  return path.startsWith('/') || path.split('/').includes('..');
}
