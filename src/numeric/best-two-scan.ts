import type { RowProducts } from './row-products.ts';

/** Where the best two persons of a scan stand; written by {@link scanBestTwo}, reused between scans. */
export interface BestTwo {
  firstRow: number;
  firstSimilarity: number;
  secondRow: number;
  secondSimilarity: number;
}

/**
 * Twice the most by which the float32 product of two unit vectors can be off: D * 2^-24 for D <= 1024,
 * whatever the order of summation.
 */
const TWICE_THE_ERROR = 2 * 1_024 * 2 ** -24;

/**
 * Exact scan for the two most similar *persons*: the best row, and the best row of anybody else. The
 * vector kernel multiplies in float32; the rows that could be among the best two are then
 * multiplied anew in float64, so that rounding decides nothing. Allocates nothing.
 * @param products    unit rows
 * @param personOf    (>= rows) person of each row; negative: nobody's, passed over
 * @param rows        rows to scan
 * @param probe       (D) unit vector
 * @param best        receives row -1 and similarity -Infinity where there is no such person
 */
export function scanBestTwo(
  products: RowProducts,
  personOf: Int32Array,
  rows: number,
  probe: Float32Array,
  best: BestTwo,
): void {
  const rough = products.multiply(probe, rows);
  clear(best);
  for (let row = 0; row < rows; row += 1) offer(best, personOf, row, rough[row]!);
  const least = best.secondSimilarity - TWICE_THE_ERROR;
  clear(best);
  for (let row = 0; row < rows; row += 1) {
    if (rough[row]! >= least) offer(best, personOf, row, rowProduct(products, row, probe));
  }
}

/** Inner product of one row with the probe, in float64. */
export function rowProduct(
  { matrix, stride }: RowProducts,
  row: number,
  probe: Float32Array,
): number {
  const start = row * stride;
  let sum = 0;
  for (let index = 0; index < probe.length; index += 1)
    sum += matrix[start + index]! * probe[index]!;
  return sum;
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
