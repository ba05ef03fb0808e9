import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PorticoError } from '../../../src/domain/errors.ts';
import { distanceOf, similarityOf } from '../../../src/domain/units.ts';
import {
  cosineSimilarity,
  dot,
  l2NormalizeInPlace,
  squaredDistance,
} from '../../../src/numeric/linear-algebra.ts';

const unitVectors = fc
  .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 })
  .filter((values) => values.some((value) => Math.abs(value) > 0.01))
  .map((values) => l2NormalizeInPlace(Float32Array.from(values)));

describe('linear algebra', () => {
  it('computes the inner product worked by hand', () => {
    assert.equal(dot(Float32Array.of(1, 2, 3), Float32Array.of(4, -5, 6)), 12);
  });

  it('refuses vectors of different lengths', () => {
    assert.throws(
      () => dot(Float32Array.of(1), Float32Array.of(1, 2)),
      (error: unknown) => error instanceof PorticoError && error.code === 'PORTICO_NUMERIC_SHAPE',
    );
  });

  it('refuses to normalise a vector without direction', () => {
    assert.throws(() => l2NormalizeInPlace(new Float32Array(4)), PorticoError);
    assert.throws(() => l2NormalizeInPlace(Float32Array.of(Number.NaN, 1)), PorticoError);
  });

  it('keeps cosine and squared distance in the relation d = 2 - 2 cos', () => {
    fc.assert(
      fc.property(unitVectors, unitVectors, (left, right) => {
        const cosine = cosineSimilarity(left, right);
        assert.ok(cosine >= -1 && cosine <= 1);
        assert.ok(Math.abs(distanceOf(cosine) - squaredDistance(left, right)) < 1e-5);
        assert.ok(Math.abs(similarityOf(squaredDistance(left, right)) - cosine) < 1e-5);
      }),
    );
  });
});
