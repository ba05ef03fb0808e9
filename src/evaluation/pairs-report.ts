import { clopperPearson, type Interval } from './clopper-pearson.ts';
import { comparisonScores, type LabelledComparison } from './comparison-scores.ts';
import { equalErrorRate } from './equal-error-rate.ts';
import { acceptedMated } from './error-rates.ts';
import { type Accuracy, kFoldAccuracy } from './k-fold-accuracy.ts';
import { type FoldablePair, peopleDisjointFolds } from './people-disjoint-folds.ts';
import { thresholdAtFmr } from './threshold-at-fmr.ts';

/** The stable result of `portico evaluate --json`; others script against it. */
export interface PairsReport {
  readonly encoder: string;
  /** Pairs in the list. */
  readonly pairs: number;
  /** Failure to acquire: share of the distinct pictures in which no face could be encoded. */
  readonly fta: number;
  readonly accuracy: Accuracy;
  readonly eer: number;
  readonly tarAtFmr: readonly TarAtFmr[];
}

export interface TarAtFmr {
  /** The target; the threshold is chosen on the non-mated scores alone so as not to exceed it. */
  readonly fmr: number;
  /** Accept when the cosine similarity is >= this. */
  readonly threshold: number;
  /** Failures to acquire count as not accepted. */
  readonly tar: number;
  /** Exact 95 % interval of the TAR at that threshold. */
  readonly interval: Interval;
}

export const FOLDS = 10;
export const TARGET_FMRS: readonly number[] = [1e-2, 1e-3];

/**
 * Summarises compared pairs.
 * @param compared     one per pair, in the order of the list
 * @param pictureLoss  failures to acquire and the number of distinct pictures
 * @throws PORTICO_EVALUATION_DATA when the list is too small for ten folds or of one kind only
 */
export function pairsReport(
  encoder: string,
  compared: readonly (FoldablePair & LabelledComparison)[],
  pictureLoss: { readonly notAcquired: number; readonly pictures: number },
  targetFmrs: readonly number[] = TARGET_FMRS,
): PairsReport {
  const scores = comparisonScores(compared);
  const { foldOf } = peopleDisjointFolds(compared, FOLDS);
  return {
    encoder,
    pairs: compared.length,
    fta: pictureLoss.notAcquired / pictureLoss.pictures,
    accuracy: kFoldAccuracy(compared, foldOf, FOLDS),
    eer: equalErrorRate(scores),
    tarAtFmr: targetFmrs.map((fmr) => {
      const threshold = thresholdAtFmr(scores, fmr);
      const { accepted, trials } = acceptedMated(scores, threshold);
      return {
        fmr,
        threshold,
        tar: accepted / trials,
        interval: clopperPearson(accepted, trials),
      };
    }),
  };
}
