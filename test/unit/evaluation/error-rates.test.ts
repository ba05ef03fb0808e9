import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PorticoError } from '../../../src/domain/errors.ts';
import {
  comparisonScores,
  countAtOrAbove,
  type LabelledComparison,
} from '../../../src/evaluation/comparison-scores.ts';
import { detCurve } from '../../../src/evaluation/det-curve.ts';
import { equalErrorRate } from '../../../src/evaluation/equal-error-rate.ts';
import { fmrAt, fnmrAt, tarAt } from '../../../src/evaluation/error-rates.ts';
import { thresholdAtFmr } from '../../../src/evaluation/threshold-at-fmr.ts';

const of = (mated: readonly number[], nonMated: readonly number[]): LabelledComparison[] => [
  ...mated.map((similarity) => ({ mated: true, similarity })),
  ...nonMated.map((similarity) => ({ mated: false, similarity })),
];
const lost = (mated: boolean): LabelledComparison => ({ mated, similarity: 'not-acquired' });

const cosines = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 });
const experiments = fc
  .record({ mated: cosines, nonMated: cosines, lostMated: fc.nat(3), lostNonMated: fc.nat(3) })
  .map(({ mated, nonMated, lostMated, lostNonMated }) =>
    comparisonScores([
      ...of(
        mated.map((value) => value / 20),
        nonMated.map((value) => value / 20),
      ),
      ...Array.from({ length: lostMated }, () => lost(true)),
      ...Array.from({ length: lostNonMated }, () => lost(false)),
    ]),
  );

describe('error rates', () => {
  const scores = comparisonScores(of([0.9, 0.6, 0.4, 0.8], [0.1, 0.3, 0.5, -0.2]));

  it('count acceptance from the threshold upwards', () => {
    assert.equal(fmrAt(scores, 0.5), 1 / 4);
    assert.equal(fnmrAt(scores, 0.5), 1 / 4);
    assert.equal(tarAt(scores, 0.4), 1);
    assert.equal(fmrAt(scores, 0.5000001), 0);
  });

  it('count a lost mated comparison as a rejection and leave a lost non-mated one out', () => {
    const withLosses = comparisonScores([
      ...of([0.9, 0.6, 0.4, 0.8], [0.1, 0.3, 0.5, -0.2]),
      lost(true),
      lost(false),
    ]);
    assert.equal(tarAt(withLosses, 0.4), 4 / 5);
    assert.equal(fnmrAt(withLosses, 0.4), 0);
    assert.equal(fmrAt(withLosses, 0.5), 1 / 4);
    assert.equal(withLosses.nonMatedNotAcquired, 1);
  });

  it('need both kinds of comparison', () => {
    assert.throws(() => comparisonScores(of([0.5], [])), PorticoError);
    assert.throws(() => comparisonScores([...of([], [0.5]), lost(true)]), PorticoError);
  });

  it('fall and rise with the threshold', () => {
    fc.assert(
      fc.property(experiments, fc.double({ min: -1, max: 1, noNaN: true }), (each, threshold) => {
        assert.ok(fmrAt(each, threshold) >= fmrAt(each, threshold + 0.1));
        assert.ok(fnmrAt(each, threshold) <= fnmrAt(each, threshold + 0.1));
        assert.equal(
          countAtOrAbove(each.mated, threshold),
          each.mated.filter((value) => value >= threshold).length,
        );
      }),
    );
  });
});

describe('thresholdAtFmr', () => {
  it('lets exactly the allowed number of non-mated comparisons pass', () => {
    const nonMated = Float64Array.from({ length: 100 }, (_, index) => index / 100);
    const threshold = thresholdAtFmr({ nonMated }, 0.29);
    assert.equal(countAtOrAbove(nonMated, threshold), 29);
    assert.ok(threshold > 0.7 && threshold <= 0.71);
  });

  it('stands just above the highest non-mated score when the target is finer than the data', () => {
    const threshold = thresholdAtFmr({ nonMated: Float64Array.of(-0.5, -0.25) }, 1e-6);
    assert.ok(threshold > -0.25 && threshold < -0.2499999);
    assert.ok(thresholdAtFmr({ nonMated: Float64Array.of(-0.5, 0) }, 1e-6) > 0);
  });

  it('refuses what is no rate', () => {
    assert.throws(() => thresholdAtFmr({ nonMated: Float64Array.of(0.1) }, 0), PorticoError);
    assert.throws(() => thresholdAtFmr({ nonMated: Float64Array.of(0.1) }, 1), PorticoError);
  });

  it('never exceeds the target and is the lowest such threshold, ties included', () => {
    fc.assert(
      fc.property(
        experiments,
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (each, target) => {
          const threshold = thresholdAtFmr(each, target);
          assert.ok(fmrAt(each, threshold) <= target);
          assert.ok(fmrAt(each, threshold - 1e-9) > target);
        },
      ),
    );
  });
});

describe('equalErrorRate', () => {
  it('is 0 for separated scores, 1 for swapped ones and 1/2 for equal ones', () => {
    assert.equal(equalErrorRate(comparisonScores(of([0.8, 0.9], [0.1, 0.2]))), 0);
    assert.equal(equalErrorRate(comparisonScores(of([0.1, 0.2], [0.8, 0.9]))), 1);
    assert.equal(equalErrorRate(comparisonScores(of([0.5, 0.5], [0.5, 0.5]))), 0.5);
  });

  it('finds the crossing worked by hand', () => {
    // At any threshold in (0.3, 0.4]: one of four mated below, one of four non-mated above.
    const scores = comparisonScores(of([0.3, 0.5, 0.6, 0.7], [0.1, 0.2, 0.25, 0.4]));
    assert.equal(equalErrorRate(scores), 0.25);
  });

  it('lies between the two rates on either side of the crossing', () => {
    fc.assert(
      fc.property(experiments, (scores) => {
        const eer = equalErrorRate(scores);
        assert.ok(eer >= 0 && eer <= 1);
        for (let threshold = -1.05; threshold <= 1.05; threshold += 0.05) {
          const fmr = fmrAt(scores, threshold);
          const frr = 1 - tarAt(scores, threshold);
          assert.ok(Math.min(fmr, frr) <= eer + 1e-12 && eer <= Math.max(fmr, frr) + 1e-12);
        }
      }),
    );
  });
});

describe('detCurve', () => {
  it('trades one error for the other along the curve', () => {
    fc.assert(
      fc.property(experiments, (scores) => {
        const points = detCurve(scores);
        for (const [index, point] of points.entries()) {
          const before = points[index - 1];
          if (before === undefined) continue;
          assert.ok(point.threshold < before.threshold);
          assert.ok(point.fmr >= before.fmr && point.falseRejectRate <= before.falseRejectRate);
        }
      }),
    );
  });

  it('begins where the data ends: no false match at all', () => {
    const scores = comparisonScores(
      of(
        [0.9],
        Array.from({ length: 1000 }, (_, index) => index / 2000),
      ),
    );
    const points = detCurve(scores);
    assert.ok((points[0]?.fmr ?? 1) <= 1 / 1000);
    assert.ok(points.length > 20);
  });
});
