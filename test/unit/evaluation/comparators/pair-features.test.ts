import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type FeatureName,
  PAIR_FEATURES,
} from '../../../../src/evaluation/comparators/pair-features.ts';

function features(name: FeatureName, left: readonly number[], right: readonly number[]): number[] {
  const target = new Float32Array(left.length + 1).fill(-1);
  PAIR_FEATURES[name](Float32Array.from(left), Float32Array.from(right), target, 1);
  assert.equal(target[0], -1, 'writes from the offset on');
  return [...target.subarray(1)];
}

const component = fc.float({ min: -1, max: 1, noNaN: true });
const pair = fc.array(fc.tuple(component, component), { minLength: 1, maxLength: 20 });

describe('the features of a pair', () => {
  it('are the absolute differences', () => {
    assert.deepEqual(features('absolute-difference', [0.5, -0.25], [0.25, 0.5]), [0.25, 0.75]);
  });

  it('are the chi-square terms, worked by hand', () => {
    // (0.5 - 0.25)^2 / 0.75; opposite signs: (0.25 + 0.5)^2 / 0.75 = 0.75; both nothing: 0.
    const [first = 0, second, third] = features('chi-square', [0.5, -0.25, 0], [0.25, 0.5, 0]);
    assert.ok(Math.abs(first - 0.0625 / 0.75) < 1e-6);
    assert.equal(second, 0.75);
    assert.equal(third, 0);
  });

  it('take a signed component as two histogram bins, its positive and its negative part', () => {
    fc.assert(
      fc.property(component, component, (a, b) => {
        const bin = (p: number, q: number): number => (p + q === 0 ? 0 : (p - q) ** 2 / (p + q));
        const bins = bin(Math.max(a, 0), Math.max(b, 0)) + bin(Math.max(-a, 0), Math.max(-b, 0));
        const [value = Number.NaN] = features('chi-square', [a], [b]);
        assert.ok(Math.abs(value - bins) <= 1e-6);
      }),
    );
  });

  it('are finite, not negative, the same both ways, and nothing for the same vector', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom('absolute-difference', 'chi-square'), (rows, name) => {
        const left = rows.map(([a]) => a);
        const right = rows.map(([, b]) => b);
        const found = features(name, left, right);
        assert.ok(found.every((value) => value >= 0 && Number.isFinite(value)));
        assert.deepEqual(features(name, right, left), found);
        assert.ok(features(name, left, left).every((value) => value === 0));
      }),
    );
  });
});
