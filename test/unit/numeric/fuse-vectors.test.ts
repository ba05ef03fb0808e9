import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fuseVectors } from '../../../src/numeric/fuse-vectors.ts';
import { dot } from '../../../src/numeric/linear-algebra.ts';
import { atAngle } from '../../helpers/observation-builders.ts';

describe('fuseVectors', () => {
  const weights = [0.7, 0.3];
  const fused = (first: number, second: number): Float32Array =>
    fuseVectors([atAngle(first), atAngle(second)], weights);

  it('makes a unit vector of unit vectors', () => {
    assert.ok(Math.abs(dot(fused(10, 70), fused(10, 70)) - 1) < 1e-6);
  });

  it('has as inner product the weighted sum of the inner products', () => {
    const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);
    const expected = 0.7 * cosine(20) + 0.3 * cosine(75);
    assert.ok(Math.abs(dot(fused(10, 70), fused(30, 145)) - expected) < 1e-6);
  });
});
