import { PorticoError } from '../domain/errors.ts';
import { type Distance, distance, type Similarity, similarity } from '../domain/units.ts';
import { assertSameLength } from './shape-check.ts';

/**
 * Inner product with a float64 accumulator.
 * @param left   (D) float32
 * @param right  (D) float32
 * @throws PORTICO_NUMERIC_SHAPE if the lengths differ
 */
export function dot(left: Float32Array, right: Float32Array): number {
  assertSameLength('dot', left.length, right.length);
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[index]!;
  return sum;
}

/**
 * Scales a vector to unit length in place and returns it.
 * @throws PORTICO_NUMERIC_SHAPE for a zero or non-finite vector: it has no direction
 */
export function l2NormalizeInPlace(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector));
  if (!(norm > 0) || !Number.isFinite(norm)) {
    throw new PorticoError('PORTICO_NUMERIC_SHAPE', {
      message: `a vector of norm ${norm} cannot be normalised`,
      remedy: 'Check the model output; the embedding is degenerate.',
    });
  }
  for (let index = 0; index < vector.length; index += 1) vector[index]! /= norm;
  return vector;
}

/** Cosine of two unit vectors, clamped to [-1, 1] against rounding. */
export function cosineSimilarity(left: Float32Array, right: Float32Array): Similarity {
  return similarity(Math.max(-1, Math.min(1, dot(left, right))));
}

/** ||left - right||^2, the course's d(x1, x2). */
export function squaredDistance(left: Float32Array, right: Float32Array): Distance {
  assertSameLength('squaredDistance', left.length, right.length);
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) {
    const difference = left[index]! - right[index]!;
    sum += difference * difference;
  }
  return distance(sum);
}
