import { EvaluationError } from '../domain/errors.ts';

/** P(excess > y) = (1 + shape * y / scale)^(-1 / shape); exp(-y / scale) when the shape is 0. */
export interface GeneralisedPareto {
  readonly shape: number;
  readonly scale: number;
}

/** Fewer tell nothing about a tail. */
export const LEAST_EXCESSES = 20;

/**
 * Fits a generalised Pareto distribution by probability-weighted moments, which for a few hundred
 * excesses and a shape below 0.5 (similarities are bounded) is closer than maximum likelihood and has no
 * iteration that could fail.
 * @param excesses  ascending, >= 0, at least `LEAST_EXCESSES`, not all equal
 * @throws PORTICO_EVALUATION_DATA when there is too little to fit
 * Source: Hosking and Wallis 1987, with their plotting positions (i - 0.35) / n; shape = -k in their sign
 */
export function fitGeneralisedPareto(excesses: Float64Array): GeneralisedPareto {
  const n = excesses.length;
  let mean = 0;
  let weighted = 0;
  for (const [index, excess] of excesses.entries()) {
    mean += excess / n;
    weighted += (excess * (1 - (index + 1 - 0.35) / n)) / n;
  }
  const denominator = mean - 2 * weighted;
  if (n < LEAST_EXCESSES || !(denominator > 0)) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `the tail of the non-mated scores cannot be fitted: ${n} excesses with mean ${mean}`,
      remedy: 'Give more non-mated comparisons (some ten thousand) of different people.',
    });
  }
  return { shape: 2 - mean / denominator, scale: (2 * mean * weighted) / denominator };
}

/** The excess that is surpassed with the given probability, in (0, 1]. */
export function excessAt({ shape, scale }: GeneralisedPareto, probability: number): number {
  if (Math.abs(shape) < 1e-9) return -scale * Math.log(probability);
  return (scale / shape) * (probability ** -shape - 1);
}

/** Probability that an excess surpasses `excess` >= 0. */
export function survival({ shape, scale }: GeneralisedPareto, excess: number): number {
  if (Math.abs(shape) < 1e-9) return Math.exp(-excess / scale);
  return Math.max(0, 1 + (shape * excess) / scale) ** (-1 / shape);
}
