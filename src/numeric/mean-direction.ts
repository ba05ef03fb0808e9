import { l2NormalizeInPlace } from './linear-algebra.ts';
import { assertSameLength } from './shape-check.ts';

/**
 * Writes the unit vector along the sum of unit vectors into `target` and returns it: the
 * maximum-likelihood mean direction when each scatters equally about one centre (von Mises-Fisher).
 * @param target   (D) float32, overwritten
 * @param vectors  unit vectors, each (D) float32; at least one
 * @throws PORTICO_NUMERIC_SHAPE if a length differs, if there is none, or if they cancel out
 */
export function meanDirectionInto(
  target: Float32Array,
  vectors: readonly Float32Array[],
): Float32Array {
  target.fill(0);
  for (const vector of vectors) {
    assertSameLength('meanDirection', target.length, vector.length);
    for (let index = 0; index < target.length; index += 1) target[index]! += vector[index]!;
  }
  return l2NormalizeInPlace(target);
}
