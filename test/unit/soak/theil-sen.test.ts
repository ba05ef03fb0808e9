import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../../src/numeric/random.ts';
import { theilSen } from '../../soak/theil-sen.ts';

const POINTS = 24;
const noisyLine = (slope: number, seed: number): [number, number][] => {
  const random = seededRandom(seed);
  return Array.from({ length: POINTS }, (_, x) => [x, slope * x + random() - 0.5]);
};

describe('the robust slope', () => {
  it('is that of a line, whatever the line', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), fc.integer(), (slope, offset) => {
        const points = Array.from({ length: POINTS }, (_, x) => [x, slope * x + offset] as const);
        assert.deepEqual(theilSen(points), { slope, low: slope, high: slope });
      }),
    );
  });

  it('is not moved by a fifth of the points that lie anywhere', () => {
    const points = noisyLine(2, 1).map(
      ([x, y]) => [x, x % 5 === 0 ? 1_000 * ((x % 2) - 0.5) : y] as const,
    );
    assert.ok(Math.abs(theilSen(points).slope - 2) < 0.1);
  });

  it('lies within its interval, which holds the truth in some 95 of 100 draws', () => {
    const draws = 400;
    let held = 0;
    for (let seed = 1; seed <= draws; seed += 1) {
      const { slope, low, high } = theilSen(noisyLine(0.1, seed));
      assert.ok(low <= slope && slope <= high);
      if (low <= 0.1 && 0.1 <= high) held += 1;
    }
    const share = held / draws;
    assert.ok(share > 0.91 && share < 0.99, `${share}`);
  });

  it('tells a small growth from none', () => {
    assert.ok(theilSen(noisyLine(0.1, 3)).low > 0);
    const none = theilSen(noisyLine(0, 3));
    assert.ok(none.low < 0 && none.high > 0);
  });
});
