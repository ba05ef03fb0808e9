import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  incompleteBeta,
  inverseIncompleteBeta,
  logGamma,
} from '../../../src/evaluation/incomplete-beta.ts';

const near = (actual: number, expected: number, relative: number): void => {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected),
    `${actual} is not within ${relative} of ${expected}`,
  );
};

describe('incomplete beta', () => {
  it('knows the logarithm of the gamma function', () => {
    near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13);
    near(logGamma(5), Math.log(24), 1e-13);
    near(logGamma(2e6), 27017309.1416581, 1e-13);
  });

  it('equals the polynomial it is for whole parameters: I_x(2, 3) = 6x^2 - 8x^3 + 3x^4', () => {
    for (const x of [0, 0.1, 0.5, 0.9, 1]) {
      assert.ok(Math.abs(incompleteBeta(x, 2, 3) - (6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4)) < 1e-13);
    }
  });

  it('equals the arcsine law for a = b = 1/2', () => {
    near(incompleteBeta(0.1, 0.5, 0.5), (2 / Math.PI) * Math.asin(Math.sqrt(0.1)), 1e-12);
  });

  it('stays exact with millions of trials', () => {
    near(incompleteBeta(1e-5, 20, 2e6), 0.5297600560074, 1e-8);
    near(incompleteBeta(0.0099, 18_800, 1_861_200), 0.083760129008873, 1e-7);
  });

  it('is undone by its inverse', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 5000 }),
        (probability, a, b) => {
          near(incompleteBeta(inverseIncompleteBeta(probability, a, b), a, b), probability, 1e-8);
        },
      ),
    );
  });
});
