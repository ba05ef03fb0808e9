import type { ComparisonScores } from './comparison-scores.ts';
import { fmrAt, tarAt } from './error-rates.ts';

/**
 * Equal error rate: where FMR meets the rate of false rejects (failures to acquire included).
 *
 * FMR falls and false rejects rise with the threshold, so the crossing is found by bisection over the
 * scores themselves; between the two neighbouring operating points the rates are taken as straight lines.
 * @returns ratio in [0, 1]; compares encoders, never an operating point
 */
export function equalErrorRate(scores: ComparisonScores): number {
  const candidates = thresholds(scores);
  const at = (index: number): { fmr: number; frr: number } => {
    const threshold = candidates[index] ?? Number.POSITIVE_INFINITY;
    return { fmr: fmrAt(scores, threshold), frr: 1 - tarAt(scores, threshold) };
  };
  let low = 0;
  let high = candidates.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    const { fmr, frr } = at(middle);
    if (fmr > frr) low = middle;
    else high = middle;
  }
  const before = at(low);
  const after = at(high);
  const gapBefore = before.fmr - before.frr;
  const gapAfter = after.frr - after.fmr;
  if (gapBefore <= 0) return before.frr;
  const share = gapBefore / (gapBefore + gapAfter);
  return before.fmr + share * (after.fmr - before.fmr);
}

/** Every score, ascending, between a threshold that accepts all and one that accepts none. */
function thresholds({ mated, nonMated }: ComparisonScores): Float64Array {
  const all = new Float64Array(mated.length + nonMated.length + 2);
  all.set(mated);
  all.set(nonMated, mated.length);
  all.set([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], mated.length + nonMated.length);
  return all.sort();
}
