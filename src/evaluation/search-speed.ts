import { type BestTwo, scanBestTwo } from '../numeric/best-two-scan.ts';
import type { RandomSource } from '../numeric/random.ts';
import { RowProducts, strideOf } from '../numeric/row-products.ts';

/** How long an exact 1:N search takes, beside the time that reading the same memory once takes. */
export interface SearchSpeed {
  readonly templates: number;
  readonly megabytes: number;
  /** Median of one whole search. */
  readonly searchMs: number;
  /** Median of one plain sum over the same memory: nothing that looks at every template can be much faster. */
  readonly readMs: number;
  readonly ratio: number;
}

const BYTES_PER_MEGABYTE = 2 ** 20;
/** Enough turns that a busy moment of the machine is no median. */
const LEAST_TURNS = 5;
const TURNS_FOR_ROWS = 200_000;

/** @param nowMs  a clock for durations */
export function measureSearch(
  templates: number,
  dimension: number,
  random: RandomSource,
  nowMs: () => number,
): SearchSpeed {
  const products = randomRows(templates, dimension, random);
  const personOf = Int32Array.from({ length: templates }, (_, row) => row);
  const probe = products.matrix.slice(0, dimension);
  const best: BestTwo = { firstRow: 0, firstSimilarity: 0, secondRow: 0, secondSimilarity: 0 };
  const searchesMs: number[] = [];
  const readsMs: number[] = [];
  const turns = Math.max(LEAST_TURNS, Math.ceil(TURNS_FOR_ROWS / templates));
  for (let turn = 0; turn < turns; turn += 1) {
    const beganMs = nowMs();
    scanBestTwo(products, personOf, templates, probe, best);
    const searchedMs = nowMs();
    sumOf(products.matrix);
    searchesMs.push(searchedMs - beganMs);
    readsMs.push(nowMs() - searchedMs);
  }
  const searchMs = medianOf(searchesMs);
  const readMs = medianOf(readsMs);
  return {
    templates,
    megabytes: products.matrix.byteLength / BYTES_PER_MEGABYTE,
    searchMs,
    readMs,
    ratio: searchMs / readMs,
  };
}

/** Rows of length one in no order. */
function randomRows(rows: number, dimension: number, random: RandomSource): RowProducts {
  const products = new RowProducts(rows, strideOf(dimension));
  for (let row = 0; row < rows; row += 1) {
    const start = row * products.stride;
    let squares = 0;
    for (let index = start; index < start + dimension; index += 1) {
      const value = random() - 0.5;
      products.matrix[index] = value;
      squares += value * value;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let index = start; index < start + dimension; index += 1) {
      products.matrix[index] = (products.matrix[index] ?? 0) * scale;
    }
  }
  return products;
}

/** Reads all of it, eight bytes at a time in four sums: the fastest plain read that was found. */
function sumOf(matrix: Float32Array): number {
  const pairs = new Float64Array(matrix.buffer, matrix.byteOffset, matrix.length >> 1);
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let index = 0; index + 3 < pairs.length; index += 4) {
    a += pairs[index] ?? 0;
    b += pairs[index + 1] ?? 0;
    c += pairs[index + 2] ?? 0;
    d += pairs[index + 3] ?? 0;
  }
  return a + b + c + d;
}

function medianOf(values: number[]): number {
  values.sort((left, right) => left - right);
  return values[values.length >> 1] ?? Number.NaN;
}
