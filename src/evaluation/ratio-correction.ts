import { fitLogistic } from '../numeric/logistic-regression.ts';

/** Turns a score into a log-likelihood ratio: offset + slope * score. */
export interface RatioCorrection {
  readonly slope: number;
  readonly offset: number;
}

export const UNCORRECTED: RatioCorrection = { slope: 1, offset: 0 };

/** All but keeps the fit of slope and offset from running away when the classes separate. */
const PENALTY = 1e-3;

/**
 * Logistic regression of the truth on the score alone, bona fide and attacks weighing alike: a penalised
 * fit shrinks its own ratios.
 * @param scored  of presentations that the scoring weights have not seen
 */
export function ratioCorrection(
  scored: readonly { readonly isBonaFide: boolean; readonly ratio: number }[],
): RatioCorrection {
  const bonaFide = scored.filter(({ isBonaFide }) => isBonaFide).length;
  const attacks = scored.length - bonaFide;
  const { intercept, weights } = fitLogistic(
    {
      features: Float64Array.from(scored, ({ ratio }) => ratio),
      columns: 1,
      labels: Float64Array.from(scored, ({ isBonaFide }) => (isBonaFide ? 1 : 0)),
      weights: Float64Array.from(scored, ({ isBonaFide }) => (isBonaFide ? 1 : bonaFide / attacks)),
    },
    PENALTY,
  );
  return { slope: weights[0] ?? 1, offset: intercept };
}
