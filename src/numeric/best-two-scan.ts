import type { RowProducts } from './row-products.ts';

/** Where the best two persons of a scan stand; written by {@link scanBestTwo}, reused between scans. */
export interface BestTwo {
  firstRow: number;
  firstSimilarity: number;
  secondRow: number;
  secondSimilarity: number;
}

/**
 * Exact scan for the two most similar *persons*: the best row, and the best row of anybody else. Every row
 * is compared in eight bits; those that could be among the best two by the bound of what rounding costs
 * are then multiplied anew in float64, so that rounding decides nothing. Allocates nothing.
 * @param products    unit rows
 * @param personOf    (>= rows) person of each row; negative: nobody's, passed over
 * @param rows        rows to scan
 * @param probe       (D) unit vector
 * @param best        receives row -1 and similarity -Infinity where there is no such person
 * @returns how many rows were multiplied anew
 */
export function scanBestTwo(
  products: RowProducts,
  personOf: Int32Array,
  rows: number,
  probe: Float32Array,
  best: BestTwo,
): number {
  products.multiply(probe, rows);
  clear(best);
  for (let row = 0; row < rows; row += 1) {
    offer(best, personOf, row, products.similarity(row) - products.bound(row));
  }
  // Two persons are at least so alike: a row that cannot be is of no account.
  const least = best.secondSimilarity;
  clear(best);
  let multipliedAnew = 0;
  for (let row = 0; row < rows; row += 1) {
    if (products.similarity(row) + products.bound(row) < least) continue;
    multipliedAnew += 1;
    offer(best, personOf, row, products.exact(row, probe));
  }
  return multipliedAnew;
}

function clear(best: BestTwo): void {
  best.firstRow = -1;
  best.secondRow = -1;
  best.firstSimilarity = Number.NEGATIVE_INFINITY;
  best.secondSimilarity = Number.NEGATIVE_INFINITY;
}

/** Keeps the invariant that first and second are rows of different persons, first not below second. */
function offer(best: BestTwo, personOf: Int32Array, row: number, similarity: number): void {
  if (!(similarity > best.secondSimilarity)) return;
  if (personOf[row]! < 0) return;
  const isFirstPerson = best.firstRow >= 0 && personOf[best.firstRow] === personOf[row];
  if (!(similarity > best.firstSimilarity)) {
    if (isFirstPerson) return;
    best.secondRow = row;
    best.secondSimilarity = similarity;
    return;
  }
  if (!isFirstPerson) {
    best.secondRow = best.firstRow;
    best.secondSimilarity = best.firstSimilarity;
  }
  best.firstRow = row;
  best.firstSimilarity = similarity;
}
