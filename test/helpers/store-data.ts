import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Gallery } from '../../src/gallery/gallery.ts';
import { l2NormalizeInPlace } from '../../src/numeric/linear-algebra.ts';
import { seededRandom } from '../../src/numeric/random.ts';

/** A master key for tests; another `fill` is another key. */
export const testKey = (fill = 7): KeyObject => createSecretKey(Buffer.alloc(32, fill));

/** A unit vector in a direction of its own for every seed. */
export function unitVector(seed: number, dimension = 64): Float32Array {
  const random = seededRandom(seed);
  return l2NormalizeInPlace(Float32Array.from({ length: dimension }, () => random() - 0.5));
}

/** The templates of an encoder as [id, vector], in the order of the matrix. */
export function templateRows(gallery: Gallery, modelId: string): [string, Float32Array][] {
  const block = gallery.block(modelId);
  if (block === undefined) return [];
  return Array.from({ length: block.rows }, (_, row) => row)
    .filter((row) => (block.personOf[row] ?? -1) >= 0)
    .map((row) => [
      block.templateIds[row] ?? '',
      block.products.matrix.slice(
        row * block.products.dimension,
        (row + 1) * block.products.dimension,
      ),
    ]);
}
