import type { ComparisonScores } from './comparison-scores.ts';
import { fmrAt, tarAt } from './error-rates.ts';
import { thresholdAtFmr } from './threshold-at-fmr.ts';

export interface DetPoint {
  readonly threshold: number;
  /** Measured, at most the rate the point was asked for. */
  readonly fmr: number;
  /** 1 - TAR: mated comparisons not accepted, failures to acquire included. */
  readonly falseRejectRate: number;
}

/**
 * Detection error trade-off: false rejects against FMR at thresholds chosen on the non-mated scores.
 * @param pointsPerDecade  rates are spaced evenly in log10 from 1/n to just below 1
 * @returns points from the strictest threshold to the laxest, without repeats
 */
export function detCurve(scores: ComparisonScores, pointsPerDecade = 10): readonly DetPoint[] {
  const decades = Math.log10(scores.nonMated.length);
  const count = Math.max(1, Math.ceil(decades * pointsPerDecade));
  const points: DetPoint[] = [];
  for (let index = 0; index < count; index += 1) {
    const target = 10 ** (-decades * (1 - index / count));
    if (target >= 1) break;
    const threshold = thresholdAtFmr(scores, target);
    if (points.at(-1)?.threshold === threshold) continue;
    points.push({
      threshold,
      fmr: fmrAt(scores, threshold),
      falseRejectRate: 1 - tarAt(scores, threshold),
    });
  }
  return points;
}
