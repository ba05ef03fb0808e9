/** Where the best two persons of a scan stand; written by {@link scanBestTwo}, reused between scans. */
export interface BestTwo {
  firstRow: number;
  firstSimilarity: number;
  secondRow: number;
  secondSimilarity: number;
}

/** Rows whose inner products are summed side by side, so that the adder never waits for itself. */
const ROWS_AT_ONCE = 4;

/**
 * Exact scan for the two most similar *persons*: the best row, and the best row of anybody else.
 * Four rows at once with two float64 sums each, measured the fastest of five forms tried in V8:
 * about 250 ns for a row of 512. Allocates nothing.
 * @param matrix      (>= rows, D) float32, row-major, unit rows
 * @param personOf    (>= rows) person of each row; negative: nobody's, passed over
 * @param rows        rows to scan
 * @param probe       (D) float64 unit vector; D even
 * @param best        receives row -1 and similarity -Infinity where there is no such person
 */
export function scanBestTwo(
  matrix: Float32Array,
  personOf: Int32Array,
  rows: number,
  probe: Float64Array,
  best: BestTwo,
): void {
  best.firstRow = -1;
  best.secondRow = -1;
  best.firstSimilarity = Number.NEGATIVE_INFINITY;
  best.secondSimilarity = Number.NEGATIVE_INFINITY;
  const blockRows = rows - (rows % ROWS_AT_ONCE);
  scanBlocks(matrix, personOf, blockRows, probe, best);
  for (let row = blockRows; row < rows; row += 1) {
    offer(best, personOf, row, rowProduct(matrix, row, probe));
  }
}

/** Inner product of one row with the probe, in float64; the same D as {@link scanBestTwo}. */
export function rowProduct(matrix: Float32Array, row: number, probe: Float64Array): number {
  const start = row * probe.length;
  let even = 0;
  let odd = 0;
  for (let index = 0; index < probe.length; index += 2) {
    even += matrix[start + index]! * probe[index]!;
    odd += matrix[start + index + 1]! * probe[index + 1]!;
  }
  return even + odd;
}

function scanBlocks(
  matrix: Float32Array,
  personOf: Int32Array,
  rows: number,
  probe: Float64Array,
  best: BestTwo,
): void {
  const dimension = probe.length;
  for (let row = 0; row < rows; row += ROWS_AT_ONCE) {
    let a = row * dimension;
    let b = a + dimension;
    let c = b + dimension;
    let d = c + dimension;
    let evenA = 0;
    let oddA = 0;
    let evenB = 0;
    let oddB = 0;
    let evenC = 0;
    let oddC = 0;
    let evenD = 0;
    let oddD = 0;
    for (let index = 0; index < dimension; index += 2) {
      const even = probe[index]!;
      const odd = probe[index + 1]!;
      evenA += matrix[a]! * even;
      oddA += matrix[a + 1]! * odd;
      evenB += matrix[b]! * even;
      oddB += matrix[b + 1]! * odd;
      evenC += matrix[c]! * even;
      oddC += matrix[c + 1]! * odd;
      evenD += matrix[d]! * even;
      oddD += matrix[d + 1]! * odd;
      a += 2;
      b += 2;
      c += 2;
      d += 2;
    }
    offer(best, personOf, row, evenA + oddA);
    offer(best, personOf, row + 1, evenB + oddB);
    offer(best, personOf, row + 2, evenC + oddC);
    offer(best, personOf, row + 3, evenD + oddD);
  }
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
