import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { calibrationProblems } from '../../../src/decision/calibration-problems.ts';
import { fmrForSearch, type Threshold, thresholdFor } from '../../../src/decision/threshold.ts';
import type { Calibration } from '../../../src/domain/calibration.ts';
import { aCalibration, aPoint } from '../../helpers/decision-builders.ts';

const known = (threshold: Threshold): number =>
  threshold.outcome === 'known' ? threshold.threshold : Number.NaN;
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

describe('threshold', () => {
  it('inverts FPIR = 1 - (1 - FMR)^N', () => {
    // 1 - (1 - 0.1)^3 = 0.271, worked by hand.
    near(fmrForSearch(0.271, 3), 0.1);
    near(fmrForSearch(0.01, 1), 0.01);
    // For small rates FPIR is N times FMR, and the last digits are not lost.
    assert.ok(Math.abs(fmrForSearch(1e-9, 1_000_000) / 1e-15 - 1) < 1e-6);
  });

  it('takes the measured points as they are and lies half-way in log FMR between them', () => {
    near(known(thresholdFor(aCalibration(), 1e-2, 1)), 0.3);
    near(known(thresholdFor(aCalibration(), 10 ** -2.5, 1)), 0.35);
  });

  it('is never more lenient than the first point', () => {
    near(known(thresholdFor(aCalibration(), 0.5, 1)), 0.2);
  });

  it('adds the safety step beyond the data, and says so', () => {
    const threshold = thresholdFor(aCalibration(), 1e-4, 1);
    near(known(threshold), 0.5);
    assert.equal(threshold.outcome === 'known' && threshold.basis, 'stepped');
  });

  it('is missing more than two decades beyond the data, or where no cosine can reach', () => {
    assert.equal(thresholdFor(aCalibration(), 0.9e-5, 1).outcome, 'missing');
    const steep = aCalibration({ points: [aPoint(1e-2, 0.95)] });
    assert.equal(thresholdFor(steep, 1e-3, 1).outcome, 'missing');
  });

  it('follows extrapolated points and ends where they end', () => {
    const points = [...aCalibration().points, aPoint(1e-6, 0.55, true)];
    const calibration = aCalibration({ points });
    const threshold = thresholdFor(calibration, 10 ** -4.5, 1);
    near(known(threshold), 0.475);
    assert.equal(threshold.outcome === 'known' && threshold.basis, 'extrapolated');
    assert.equal(thresholdFor(calibration, 0.9e-6, 1).outcome, 'missing');
  });

  it('is missing for a target or a size that is none', () => {
    for (const [rate, comparisons] of [
      [0, 1],
      [1, 1],
      [Number.NaN, 1],
      [1e-3, 0],
      [1e-3, Number.NaN],
    ] as const) {
      assert.equal(thresholdFor(aCalibration(), rate, comparisons).outcome, 'missing');
    }
  });

  it('never falls as the gallery grows or the target tightens', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 0.1, noNaN: true }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        (rate, size, more) => {
          const smaller = known(thresholdFor(aCalibration(), rate, size));
          const larger = thresholdFor(aCalibration(), rate, size + more);
          if (larger.outcome === 'known') assert.ok(larger.threshold >= smaller);
          const tighter = thresholdFor(aCalibration(), rate / 2, size);
          if (tighter.outcome === 'known') assert.ok(tighter.threshold >= smaller);
        },
      ),
    );
  });
});

describe('calibration problems', () => {
  it('finds none in a sound curve', () => {
    assert.deepEqual(calibrationProblems(aCalibration()), []);
  });

  const data = aCalibration().data;
  const unsound: readonly (readonly [string, Partial<Record<keyof Calibration, unknown>>])[] = [
    ['an unknown schema', { schemaVersion: 2 }],
    ['the other direction', { direction: 'lower-is-more-alike' }],
    ['no model', { modelId: '' }],
    ['no trials', { data: { ...data, nonMatedTrials: 0 } }],
    ['no points', { points: [] }],
    ['a rate that is no number', { points: [aPoint(Number.NaN, 0.3)] }],
    ['a threshold beyond a cosine', { points: [aPoint(1e-2, 1.3)] }],
    ['rates that rise', { points: [aPoint(1e-2, 0.3), aPoint(1e-1, 0.4)] }],
    ['thresholds that fall', { points: [aPoint(1e-1, 0.3), aPoint(1e-2, 0.2)] }],
    [
      'a measured point beyond an extrapolated one',
      { points: [aPoint(1e-1, 0.2, true), aPoint(1e-2, 0.3)] },
    ],
    ['a rate that its trials cannot count', { points: [aPoint(1e-5, 0.3)] }],
  ];
  for (const [what, changes] of unsound) {
    it(`finds ${what}, and then there is no threshold`, () => {
      const calibration = { ...aCalibration(), ...changes } as Calibration;
      assert.ok(calibrationProblems(calibration).length > 0);
      assert.equal(thresholdFor(calibration, 1e-2, 1).outcome, 'missing');
    });
  }
});
