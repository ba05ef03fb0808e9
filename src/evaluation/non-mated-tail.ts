import type { AllComparisons } from './all-comparisons.ts';
import {
  excessAt,
  fitGeneralisedPareto,
  type GeneralisedPareto,
  LEAST_EXCESSES,
  survival,
} from './generalised-pareto.ts';
import { comparisonsWhere, resampledFmr, weight } from './resampled-rates.ts';

/** Model of the non-mated similarities above `from`: what share lies there, and how it thins out. */
export interface NonMatedTail {
  readonly from: number;
  /** FMR at `from`, measured. */
  readonly share: number;
  readonly law: GeneralisedPareto;
}

/** The cosine that no pair of pictures can exceed. */
const HIGHEST_SIMILARITY = 1;

/**
 * Fits the tail of the non-mated similarities above a threshold (peaks over threshold).
 *
 * A fitted law often ends below similarity 1: it claims that no two people could ever be more alike, which a
 * few hundred people cannot vouch for (think of twins). Such a law is replaced by the one of the same
 * mean that ends at 1, which puts extrapolated thresholds on the strict side.
 * @throws PORTICO_EVALUATION_DATA when fewer than 20 comparisons lie above
 */
export function fitNonMatedTail(comparisons: AllComparisons, from: number): NonMatedTail {
  const everybody = new Uint32Array(comparisons.people).fill(1);
  const excesses = resampledExcesses(comparisons, from)(everybody);
  const share = resampledFmr(comparisons, from)(everybody);
  return { from, share, law: lawOf(excesses, HIGHEST_SIMILARITY - from) };
}

/** FMR at a threshold above `tail.from`, by the fitted law. */
export function tailFmr({ from, share, law }: NonMatedTail, threshold: number): number {
  return share * survival(law, threshold - from);
}

/** Threshold at an FMR below `tail.share`, by the fitted law. */
export function tailThreshold({ from, share, law }: NonMatedTail, fmr: number): number {
  return from + excessAt(law, fmr / share);
}

/**
 * FMR at a threshold above `from` by a tail fitted anew to each resample of people.
 * NaN where a resample holds too few of those who are alike.
 */
export function resampledTailFmr(
  comparisons: AllComparisons,
  from: number,
  threshold: number,
): (multiplicity: Uint32Array) => number {
  const excessesOf = resampledExcesses(comparisons, from);
  const shareOf = resampledFmr(comparisons, from);
  return (multiplicity) => {
    const excesses = excessesOf(multiplicity);
    if (excesses.length < LEAST_EXCESSES) return Number.NaN;
    const law = lawOf(excesses, HIGHEST_SIMILARITY - from);
    return tailFmr({ from, share: shareOf(multiplicity), law }, threshold);
  };
}

/** Ascending excesses over `from`, each as often as its two people were drawn together. */
function resampledExcesses(
  { nonMated }: AllComparisons,
  from: number,
): (multiplicity: Uint32Array) => Float64Array {
  const excessOf = (at: number): number => (nonMated.similarity[at] ?? from) - from;
  const above = comparisonsWhere(nonMated, (similarity) => similarity >= from).sort(
    (left, right) => excessOf(left) - excessOf(right),
  );
  return (multiplicity) => {
    const excesses: number[] = [];
    for (const at of above) {
      for (let copy = weight(nonMated, at, multiplicity); copy > 0; copy -= 1) {
        excesses.push(excessOf(at));
      }
    }
    return Float64Array.from(excesses);
  };
}

/** The fitted law if it reaches the end, else the one of the same mean that ends there. */
function lawOf(excesses: Float64Array, end: number): GeneralisedPareto {
  const fitted = fitGeneralisedPareto(excesses);
  if (fitted.shape >= 0 || -fitted.scale / fitted.shape >= end) return fitted;
  const mean = fitted.scale / (1 - fitted.shape);
  const shape = -mean / (end - mean);
  return { shape, scale: -shape * end };
}
