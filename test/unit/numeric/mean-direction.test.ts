import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import { meanDirectionInto } from '../../../src/numeric/mean-direction.ts';

describe('mean direction', () => {
  it('lies half-way between two unit vectors and has length one', () => {
    // (1, 0) and (0, 1) sum to (1, 1), of length sqrt 2.
    const target = meanDirectionInto(new Float32Array(2), [
      Float32Array.of(1, 0),
      Float32Array.of(0, 1),
    ]);
    assert.ok(Math.abs((target[0] ?? 0) - Math.SQRT1_2) < 1e-6);
    assert.ok(Math.abs((target[1] ?? 0) - Math.SQRT1_2) < 1e-6);
  });

  it('forgets what the target held', () => {
    const target = Float32Array.of(7, 7);
    assert.deepEqual(meanDirectionInto(target, [Float32Array.of(0, 1)]), Float32Array.of(0, 1));
  });

  it('refuses no vectors, opposite vectors and other lengths', () => {
    const faulty: readonly (readonly Float32Array[])[] = [
      [],
      [Float32Array.of(1, 0), Float32Array.of(-1, 0)],
      [Float32Array.of(1, 0, 0)],
    ];
    for (const vectors of faulty) {
      assert.throws(() => meanDirectionInto(new Float32Array(2), vectors), PorticoError);
    }
  });
});
