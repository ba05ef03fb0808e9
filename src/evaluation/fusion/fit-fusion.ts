import type { FusionPart } from '../../domain/encoder-fusion.ts';
import { EvaluationError } from '../../domain/errors.ts';
import { fitLogistic } from '../../numeric/logistic-regression.ts';
import type { AllComparisons } from '../all-comparisons.ts';

/** The same comparisons by one encoder. */
export interface PartComparisons {
  readonly modelId: string;
  readonly comparisons: AllComparisons;
}

/** Only keeps the equations solvable: two columns and millions of rows need no more. */
const PENALTY = 1e-6;
/** Weights are written down with two decimals, and no encoder is left out altogether. */
const STEP = 0.01;

/**
 * Fits by how much each encoder counts in a fused similarity: logistic regression of mated against
 * non-mated on the encoders' cosines, each standardised by its non-mated ones. Every comparison weighs
 * alike: strangers outnumber the others by hundreds, and so the fit looks where the door decides, at low
 * rates of false matches.
 * @param parts  the same samples in the same order for each encoder
 * @returns weights in [0.01, 0.99] that add up to 1
 * @throws PORTICO_EVALUATION_DATA when the parts are not of the same comparisons
 */
export function fitFusion(
  parts: readonly [PartComparisons, PartComparisons],
): readonly FusionPart[] {
  const [first, second] = parts.map(({ comparisons }) => comparisons);
  const [mated = 0, nonMated = 0] = [
    first?.mated.similarity.length,
    first?.nonMated.similarity.length,
  ];
  if (
    mated !== second?.mated.similarity.length ||
    nonMated !== second.nonMated.similarity.length ||
    mated === 0 ||
    nonMated === 0
  ) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: 'a fusion is fitted on the same comparisons of both encoders, mated and non-mated',
      remedy: 'Give pictures of several people, with two or more of somebody.',
    });
  }
  const rows = mated + nonMated;
  const features = new Float64Array(rows * parts.length);
  const spreads = parts.map(({ comparisons }, column) =>
    standardiseInto(features, column, comparisons),
  );
  const { weights } = fitLogistic(
    {
      features,
      columns: parts.length,
      labels: Float64Array.from({ length: rows }, (_, row) => (row < mated ? 1 : 0)),
      weights: new Float64Array(rows).fill(1),
    },
    PENALTY,
  );
  // Back from standard deviations to cosines; only the proportion matters to the order of scores.
  const [a = 0, b = 0] = spreads.map((spread, column) => (weights[column] ?? 0) / spread);
  const share = Math.min(1 - STEP, Math.max(STEP, Math.round(a / (a + b) / STEP) * STEP));
  const [own, other] = parts;
  return [
    { modelId: own.modelId, weight: Number(share.toFixed(2)) },
    { modelId: other.modelId, weight: Number((1 - share).toFixed(2)) },
  ];
}

/** @returns the standard deviation of the non-mated similarities */
function standardiseInto(
  features: Float64Array,
  column: number,
  { mated, nonMated }: AllComparisons,
): number {
  const { similarity } = nonMated;
  const mean = similarity.reduce((sum, value) => sum + value, 0) / similarity.length;
  const spread = Math.sqrt(
    similarity.reduce((sum, value) => sum + (value - mean) ** 2, 0) / similarity.length,
  );
  const write = (values: Float64Array, from: number): void => {
    for (const [row, value] of values.entries()) {
      features[2 * (from + row) + column] = (value - mean) / spread;
    }
  };
  write(mated.similarity, 0);
  write(similarity, mated.similarity.length);
  return spread;
}
