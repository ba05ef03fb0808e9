import type { Calibration, CalibrationPoint } from '../domain/calibration.ts';
import { type Similarity, similarity } from '../domain/units.ts';
import { calibrationProblems } from './calibration-problems.ts';

/**
 * Beyond the last measured point each further factor of ten in the false match rate raises the
 * threshold by this much. Measured slopes of good encoders near FMR 1e-3 are 0.07 to 0.08 a decade
 * and flatten towards the tail, so the step errs on the strict side.
 */
export const SAFETY_STEP_PER_DECADE = 0.1;
/** Farther than this beyond the measured points nothing is known; then the door stays shut. */
export const MAX_DECADES_BEYOND = 2;

export type Threshold =
  | {
      readonly outcome: 'known';
      readonly threshold: Similarity;
      /** The false match rate per comparison that it stands for. */
      readonly fmr: number;
      /** 'stepped': beyond the data, by the safety step. */
      readonly basis: 'measured' | 'extrapolated' | 'stepped';
    }
  | { readonly outcome: 'missing'; readonly because: string };

/**
 * The per-comparison false match rate that keeps a search among `comparisons` templates at
 * `falsePositiveRate`: the inverse of FPIR = 1 - (1 - FMR)^N.
 */
export const fmrForSearch = (falsePositiveRate: number, comparisons: number): number =>
  -Math.expm1(Math.log1p(-falsePositiveRate) / comparisons);

/**
 * tau(N): the threshold at which a search among N templates names a stranger with at most the
 * stated probability. It never falls as N grows. Between points it is linear in log10(FMR); above
 * the first point (more lenient than anything asked) it stays there; below the last it follows
 * points marked `extrapolated`, and where there are none the safety step, at most two decades far.
 * @param falsePositiveRate  in (0, 1), per search
 * @param comparisons        N >= 1, templates compared
 */
export function thresholdFor(
  calibration: Calibration,
  falsePositiveRate: number,
  comparisons: number,
): Threshold {
  const [problem] = calibrationProblems(calibration);
  if (problem !== undefined) return { outcome: 'missing', because: problem };
  if (!(falsePositiveRate > 0 && falsePositiveRate < 1 && comparisons >= 1)) {
    return { outcome: 'missing', because: 'no such target rate or number of comparisons' };
  }
  return thresholdAt(calibration.points, fmrForSearch(falsePositiveRate, comparisons));
}

function thresholdAt(points: readonly CalibrationPoint[], fmr: number): Threshold {
  let lenient: CalibrationPoint | undefined;
  for (const strict of points) {
    if (strict.fmr <= fmr) return between(lenient ?? strict, strict, fmr);
    lenient = strict;
  }
  return beyond(lenient, fmr);
}

function between(lenient: CalibrationPoint, strict: CalibrationPoint, fmr: number): Threshold {
  const span = Math.log10(lenient.fmr / strict.fmr);
  const part = span === 0 ? 1 : Math.log10(lenient.fmr / fmr) / span;
  return {
    outcome: 'known',
    threshold: similarity(lenient.threshold + part * (strict.threshold - lenient.threshold)),
    fmr,
    basis: strict.extrapolated ? 'extrapolated' : 'measured',
  };
}

function beyond(last: CalibrationPoint | undefined, fmr: number): Threshold {
  if (last === undefined || last.extrapolated) {
    return { outcome: 'missing', because: `the curve does not reach a false match rate of ${fmr}` };
  }
  const decades = Math.log10(last.fmr / fmr);
  const threshold = last.threshold + decades * SAFETY_STEP_PER_DECADE;
  if (!(decades <= MAX_DECADES_BEYOND && threshold <= 1)) {
    return { outcome: 'missing', because: `a false match rate of ${fmr} is too far from the data` };
  }
  return { outcome: 'known', threshold: similarity(threshold), fmr, basis: 'stepped' };
}
