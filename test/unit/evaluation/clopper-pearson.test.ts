import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PorticoError } from '../../../src/domain/errors.ts';
import { clopperPearson } from '../../../src/evaluation/clopper-pearson.ts';

/** Quantiles of the beta distribution from an independent implementation. */
const WORKED: readonly (readonly [number, number, number, number])[] = [
  [0, 10, 0, 0.308497107819],
  [5, 10, 0.187086028447, 0.812913971553],
  [1, 20, 0.00126508949795, 0.248732762772],
  [495, 500, 0.97681861193, 0.996745278593],
  [500, 500, 0.992649389948, 1],
  [19, 1_880_000, 6.08471336414e-6, 1.57823241307e-5],
  [18_800, 1_880_000, 0.00985826063652, 0.0101432518369],
];

describe('clopperPearson', () => {
  for (const [events, trials, low, high] of WORKED) {
    it(`gives the worked interval for ${events} of ${trials}`, () => {
      const interval = clopperPearson(events, trials);
      assert.ok(Math.abs(interval[0] - low) <= 1e-7 * low);
      assert.ok(Math.abs(interval[1] - high) <= 1e-7 * high);
    });
  }

  it('says nothing when there was no trial', () => {
    assert.deepEqual(clopperPearson(0, 0), [0, 1]);
  });

  it('refuses what is not a proportion', () => {
    assert.throws(() => clopperPearson(3, 2), PorticoError);
    assert.throws(() => clopperPearson(0.5, 2), PorticoError);
  });

  it('contains the measured rate, mirrors for the complement, and widens with the confidence', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.nat(), (trials, seed) => {
        const events = seed % (trials + 1);
        const [low, high] = clopperPearson(events, trials);
        assert.ok(low <= events / trials && events / trials <= high);
        const [mirrorLow, mirrorHigh] = clopperPearson(trials - events, trials);
        assert.ok(Math.abs(low - (1 - mirrorHigh)) < 1e-9);
        assert.ok(Math.abs(high - (1 - mirrorLow)) < 1e-9);
        const [wideLow, wideHigh] = clopperPearson(events, trials, 0.99);
        assert.ok(wideLow <= low && high <= wideHigh);
      }),
    );
  });

  it('covers the true rate at least as often as it promises', () => {
    // All outcomes of 30 trials at p = 0.07, weighed by their binomial probability.
    const trials = 30;
    const p = 0.07;
    let covered = 0;
    let choose = 1;
    for (let events = 0; events <= trials; events += 1) {
      const [low, high] = clopperPearson(events, trials);
      if (low <= p && p <= high) covered += choose * p ** events * (1 - p) ** (trials - events);
      choose = (choose * (trials - events)) / (events + 1);
    }
    assert.ok(covered >= 0.95, `covers ${covered}`);
  });
});
