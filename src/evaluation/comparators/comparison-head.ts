import { EvaluationError } from '../../domain/errors.ts';
import type { Embedding } from '../../domain/probe.ts';
import { fitLogisticByDescent } from '../../numeric/logistic-descent.ts';
import type { LogisticModel } from '../../numeric/logistic-regression.ts';
import type { Compare } from './comparator.ts';
import { type FeatureName, PAIR_FEATURES } from './pair-features.ts';

export interface TrainingPair {
  readonly left: Embedding;
  readonly right: Embedding;
  readonly mated: boolean;
}

/** A logistic unit on the features of a pair: P(same person) = 1 / (1 + exp(-logit)). */
export interface ComparisonHead extends LogisticModel {
  readonly features: FeatureName;
}

/**
 * Trains a head on labelled pairs, mated and non-mated ones weighing one half each.
 * @param penalty  > 0, see `fitLogisticByDescent`
 * @throws PORTICO_EVALUATION_DATA when one of the two kinds is missing
 */
export function fitComparisonHead(
  pairs: readonly TrainingPair[],
  features: FeatureName,
  penalty: number,
): ComparisonHead {
  const columns = pairs[0]?.left.length ?? 0;
  const write = PAIR_FEATURES[features];
  const matrix = new Float32Array(pairs.length * columns);
  for (const [row, { left, right }] of pairs.entries()) write(left, right, matrix, row * columns);
  const labels = Uint8Array.from(pairs, ({ mated }) => (mated ? 1 : 0));
  const mated = labels.reduce((sum, label) => sum + label, 0);
  if (mated === 0 || mated === labels.length) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `a head learns from pairs of both kinds; ${mated} of ${labels.length} are mated`,
      remedy: 'Give pictures of at least two people, with two or more of somebody.',
    });
  }
  return { features, ...fitLogisticByDescent({ features: matrix, columns, labels }, penalty) };
}

/** @returns the head's logit as a comparator; not to be called by two at once */
export function compareByHead({ features, intercept, weights }: ComparisonHead): Compare {
  const write = PAIR_FEATURES[features];
  const scratch = new Float32Array(weights.length);
  return (left, right) => {
    write(left, right, scratch, 0);
    let logit = intercept;
    for (let k = 0; k < scratch.length; k += 1) {
      logit += (weights[k] ?? Number.NaN) * (scratch[k] ?? Number.NaN);
    }
    return logit;
  };
}
