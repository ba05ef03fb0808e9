import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PorticoError } from '../../../src/domain/errors.ts';
import {
  excessAt,
  fitGeneralisedPareto,
  survival,
} from '../../../src/evaluation/generalised-pareto.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

const laws = fc.record({
  shape: fc.double({ min: -0.5, max: 0.3, noNaN: true }),
  scale: fc.double({ min: 0.01, max: 1, noNaN: true }),
});

describe('generalised Pareto', () => {
  it('is the exponential law for shape 0 and the uniform law for shape -1', () => {
    assert.ok(Math.abs(survival({ shape: 0, scale: 2 }, 3) - Math.exp(-1.5)) < 1e-12);
    assert.ok(Math.abs(survival({ shape: -1, scale: 2 }, 0.5) - 0.75) < 1e-12);
    assert.equal(survival({ shape: -1, scale: 2 }, 3), 0);
  });

  it('inverts its survival function', () => {
    fc.assert(
      fc.property(laws, fc.double({ min: 1e-6, max: 1, noNaN: true }), (law, probability) => {
        const back = survival(law, excessAt(law, probability));
        assert.ok(Math.abs(back - probability) < 1e-6 * probability + 1e-12);
      }),
    );
  });

  it('recovers the law of which it is given a sample', () => {
    for (const law of [
      { shape: -0.3, scale: 0.05 },
      { shape: 0, scale: 0.04 },
      { shape: 0.2, scale: 0.1 },
    ]) {
      const random = seededRandom(11);
      const excesses = Float64Array.from({ length: 4000 }, () => excessAt(law, 1 - random()));
      const fitted = fitGeneralisedPareto(excesses.sort());
      assert.ok(Math.abs(fitted.shape - law.shape) < 0.06, `${fitted.shape} for ${law.shape}`);
      assert.ok(Math.abs(fitted.scale / law.scale - 1) < 0.06, `${fitted.scale}`);
    }
  });

  it('refuses too small and degenerate tails', () => {
    assert.throws(() => fitGeneralisedPareto(new Float64Array(5).fill(0.1)), PorticoError);
    assert.throws(() => fitGeneralisedPareto(new Float64Array(100)), PorticoError);
  });
});
