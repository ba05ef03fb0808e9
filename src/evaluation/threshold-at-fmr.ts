import { EvaluationError } from '../domain/errors.ts';
import type { ComparisonScores } from './comparison-scores.ts';

/**
 * The lowest threshold whose measured FMR does not exceed the target.
 *
 * The rule looks at non-mated scores only, so the TAR measured at that threshold has not been peeked
 * at. With n non-mated scores, k = floor(target * n) may pass: the threshold is the next
 * representable number above the (k+1)-th highest. When the target is below 1/n the threshold
 * is just above the highest non-mated score: measured FMR 0, as strict as the data can say.
 * @param target  in (0, 1)
 * @returns similarity threshold, to be used as similarity >= threshold
 * @throws PORTICO_EVALUATION_DATA when the target is no rate
 */
export function thresholdAtFmr(scores: Pick<ComparisonScores, 'nonMated'>, target: number): number {
  const { nonMated } = scores;
  if (!(target > 0 && target < 1) || nonMated.length === 0) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `no threshold for FMR ${target} over ${nonMated.length} non-mated comparisons`,
      remedy: 'Ask for a rate between 0 and 1 and give non-mated comparisons.',
    });
  }
  // 0.29 * 100 is 28.999...96: a hair is added so that rounding does not cost a whole comparison.
  const mayPass = Math.floor(target * nonMated.length * (1 + 1e-12));
  const firstRefused = nonMated[nonMated.length - 1 - mayPass] ?? Number.NEGATIVE_INFINITY;
  return nextAbove(firstRefused);
}

/** The next float64 above a finite number. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
