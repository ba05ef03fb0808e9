import { type ComparisonScores, countAtOrAbove } from './comparison-scores.ts';

/** False match rate: non-mated comparisons accepted at `threshold` (similarity >= threshold). */
export function fmrAt(scores: ComparisonScores, threshold: number): number {
  return countAtOrAbove(scores.nonMated, threshold) / scores.nonMated.length;
}

/** False non-match rate: mated comparisons *made* and rejected; failures to acquire are not in it. */
export function fnmrAt(scores: ComparisonScores, threshold: number): number {
  return 1 - countAtOrAbove(scores.mated, threshold) / scores.mated.length;
}

/** Mated comparisons accepted, and all that were asked for, failures to acquire included. */
export function acceptedMated(
  scores: ComparisonScores,
  threshold: number,
): { readonly accepted: number; readonly trials: number } {
  return {
    accepted: countAtOrAbove(scores.mated, threshold),
    trials: scores.mated.length + scores.matedNotAcquired,
  };
}

/** True accept rate: accepted mated comparisons over all asked for; a failure to acquire lowers it. */
export function tarAt(scores: ComparisonScores, threshold: number): number {
  const { accepted, trials } = acceptedMated(scores, threshold);
  return accepted / trials;
}
