import { EvaluationError } from '../domain/errors.ts';
import type { LabelledComparison } from './comparison-scores.ts';

export interface Accuracy {
  /** Mean over the folds of the share of right verdicts, in [0, 1]. */
  readonly mean: number;
  /** Standard deviation of that share between folds (n - 1 in the denominator). */
  readonly sd: number;
}

/**
 * Verification accuracy as the LFW protocol asks: for each fold, the threshold that is best on all
 * other folds judges it. A mated comparison that could not be made counts as wrong; a non-mated one
 * is left out, so failing to see a face never pays.
 * @param foldOf  fold number of each comparison
 * @throws PORTICO_EVALUATION_DATA when a fold is empty
 */
export function kFoldAccuracy(
  comparisons: readonly LabelledComparison[],
  foldOf: Uint8Array,
  folds: number,
): Accuracy {
  const verdicts = kFoldVerdicts(comparisons, foldOf, folds);
  const shares = Array.from({ length: folds }, (_, fold) => {
    const counted = verdicts.filter((verdict, at) => foldOf[at] === fold && verdict !== 'left-out');
    return counted.filter((verdict) => verdict === 'right').length / counted.length;
  });
  const mean = shares.reduce((sum, share) => sum + share, 0) / folds;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (folds - 1)) };
}

export type Verdict = 'right' | 'wrong' | 'left-out';

/**
 * What the threshold that is best on the other folds makes of each comparison.
 * @throws PORTICO_EVALUATION_DATA when a fold is empty
 */
export function kFoldVerdicts(
  comparisons: readonly LabelledComparison[],
  foldOf: Uint8Array,
  folds: number,
): readonly Verdict[] {
  const isCounted = ({ mated, similarity }: LabelledComparison): boolean =>
    mated || similarity !== 'not-acquired';
  const thresholds = Array.from({ length: folds }, (_, fold) => {
    const rest = comparisons.filter((one, at) => foldOf[at] !== fold && isCounted(one));
    const test = comparisons.filter((one, at) => foldOf[at] === fold && isCounted(one));
    if (test.length === 0 || rest.length === 0) throw tooFew(comparisons.length, folds);
    return bestThreshold(rest);
  });
  return comparisons.map((comparison, at) => {
    if (!isCounted(comparison)) return 'left-out';
    const threshold = thresholds[foldOf[at] ?? -1] ?? Number.NaN;
    return accepts(comparison.similarity, threshold) === comparison.mated ? 'right' : 'wrong';
  });
}

const accepts = (similarity: number | 'not-acquired', threshold: number): boolean =>
  similarity !== 'not-acquired' && similarity >= threshold;

/**
 * The threshold with the most right verdicts, half-way between its neighbouring scores; of several
 * equally good ones, the middle one.
 */
export function bestThreshold(comparisons: readonly LabelledComparison[]): number {
  const scored = comparisons
    .flatMap(({ mated, similarity }) =>
      similarity === 'not-acquired' ? [] : [{ mated, similarity }],
    )
    .sort((left, right) => left.similarity - right.similarity);
  // Below the lowest score all are accepted: every mated comparison is right.
  let right = scored.filter(({ mated }) => mated).length;
  let best = right;
  let cuts = [(scored[0]?.similarity ?? 0) - 1];
  for (const [index, { mated, similarity }] of scored.entries()) {
    right += mated ? -1 : 1;
    const next = scored[index + 1]?.similarity ?? similarity + 1;
    if (next === similarity || right < best) continue;
    if (right > best) cuts = [];
    best = right;
    cuts.push((similarity + next) / 2);
  }
  return cuts[Math.floor(cuts.length / 2)] ?? 0;
}

function tooFew(pairs: number, folds: number): EvaluationError {
  return new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `${pairs} pairs cannot be dealt into ${folds} folds with people kept apart`,
    remedy: `Give at least ${folds} pairs of different people.`,
  });
}
