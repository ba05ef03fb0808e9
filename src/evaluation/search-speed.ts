import { type BestTwo, scanBestTwo } from '../numeric/best-two-scan.ts';
import { l2NormalizeInPlace } from '../numeric/linear-algebra.ts';
import type { RandomSource } from '../numeric/random.ts';
import { RowProducts } from '../numeric/row-products.ts';

/** How long an exact 1:N search takes, beside the time that reading the same memory once takes. */
export interface SearchSpeed {
  readonly templates: number;
  /** Of the templates in float32; the bytes that are searched take a quarter more. */
  readonly megabytes: number;
  /** Median of one whole search. */
  readonly searchMs: number;
  /** Rows that were multiplied anew in float64, on average. */
  readonly multipliedAnew: number;
  /** Median of one plain sum over the float32 templates. */
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
  const best: BestTwo = { firstRow: 0, firstSimilarity: 0, secondRow: 0, secondSimilarity: 0 };
  const searchesMs: number[] = [];
  const readsMs: number[] = [];
  let multipliedAnew = 0;
  const turns = Math.max(LEAST_TURNS, Math.ceil(TURNS_FOR_ROWS / templates));
  for (let turn = 0; turn < turns; turn += 1) {
    const probe = randomUnit(dimension, random);
    const beganMs = nowMs();
    multipliedAnew += scanBestTwo(products, personOf, templates, probe, best);
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
    multipliedAnew: multipliedAnew / turns,
    readMs,
    ratio: searchMs / readMs,
  };
}

function randomRows(rows: number, dimension: number, random: RandomSource): RowProducts {
  const products = new RowProducts(rows, dimension);
  for (let row = 0; row < rows; row += 1) products.setRow(row, randomUnit(dimension, random));
  return products;
}

/** Of length one, in no direction. */
function randomUnit(dimension: number, random: RandomSource): Float32Array {
  const values = Float32Array.from({ length: dimension }, () => random() - 0.5);
  return l2NormalizeInPlace(values);
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
