import { createSecretKey, type KeyObject } from 'node:crypto';
import { l2NormalizeInPlace } from '../../src/numeric/linear-algebra.ts';
import { seededRandom } from '../../src/numeric/random.ts';

/** A master key for tests; another `fill` is another key. */
export const testKey = (fill = 7): KeyObject => createSecretKey(Buffer.alloc(32, fill));

/** A unit vector in a direction of its own for every seed. */
export function unitVector(seed: number, dimension = 64): Float32Array {
  const random = seededRandom(seed);
  return l2NormalizeInPlace(Float32Array.from({ length: dimension }, () => random() - 0.5));
}
