import { EvaluationError } from '../domain/errors.ts';

/** Outcome of comparing two pictures whose labels are known. */
export interface LabelledComparison {
  readonly mated: boolean;
  /** Higher is more alike, by default the cosine; 'not-acquired' when no face could be encoded in one of the two pictures. */
  readonly similarity: number | 'not-acquired';
}

/**
 * The scores of an experiment, ready for error rates.
 *
 * Failures to acquire are never to the advantage of the encoder: a mated comparison that could not be made
 * counts as rejected at every threshold, a non-mated one is left out (as a "correct rejection" it
 * would lower the FMR).
 */
export interface ComparisonScores {
  /** Ascending. */
  readonly mated: Float64Array;
  /** Ascending. */
  readonly nonMated: Float64Array;
  readonly matedNotAcquired: number;
  readonly nonMatedNotAcquired: number;
}

/**
 * Sorts labelled comparisons into the form that error rates are computed from.
 * @throws PORTICO_EVALUATION_DATA when one of the two kinds is missing
 */
export function comparisonScores(comparisons: readonly LabelledComparison[]): ComparisonScores {
  const mated: number[] = [];
  const nonMated: number[] = [];
  let matedNotAcquired = 0;
  let nonMatedNotAcquired = 0;
  for (const { mated: isMated, similarity } of comparisons) {
    if (similarity !== 'not-acquired') (isMated ? mated : nonMated).push(similarity);
    else if (isMated) matedNotAcquired += 1;
    else nonMatedNotAcquired += 1;
  }
  if (mated.length === 0 || nonMated.length === 0) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `error rates need both kinds of comparison; there are ${mated.length} mated and ${nonMated.length} non-mated ones that could be made`,
      remedy: 'Give pairs of the same person and of different people, with a visible face in each.',
    });
  }
  return {
    mated: Float64Array.from(mated).sort(),
    nonMated: Float64Array.from(nonMated).sort(),
    matedNotAcquired,
    nonMatedNotAcquired,
  };
}

/** How many values of an ascending array are >= threshold. */
export function countAtOrAbove(ascending: Float64Array, threshold: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Number.POSITIVE_INFINITY) >= threshold) high = middle;
    else low = middle + 1;
  }
  return ascending.length - low;
}
