import type { AllComparisons } from './all-comparisons.ts';
import {
  excessAt,
  fitGeneralisedPareto,
  type GeneralisedPareto,
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
  return tailOf(comparisons, from)(everybody);
}

/** FMR at a threshold above `tail.from`, by the fitted law. */
export function tailFmr({ from, share, law }: NonMatedTail, threshold: number): number {
  return share * survival(law, threshold - from);
}

/** Threshold at an FMR below `tail.share`, by the fitted law. */
export function tailThreshold({ from, share, law }: NonMatedTail, fmr: number): number {
  return from + excessAt(law, fmr / share);
}

/** The fit as a function of how often each person was drawn, for resampling. */
export function tailOf(
  comparisons: AllComparisons,
  from: number,
): (multiplicity: Uint32Array) => NonMatedTail {
  const { nonMated } = comparisons;
  const shareOf = resampledFmr(comparisons, from);
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
    const fitted = fitGeneralisedPareto(Float64Array.from(excesses));
    const law = reachingTo(HIGHEST_SIMILARITY - from, fitted);
    return { from, share: shareOf(multiplicity), law };
  };
}

/** The law itself if it reaches the end, else the one of the same mean that ends there. */
function reachingTo(end: number, law: GeneralisedPareto): GeneralisedPareto {
  if (law.shape >= 0 || -law.scale / law.shape >= end) return law;
  const mean = law.scale / (1 - law.shape);
  const shape = -mean / (end - mean);
  return { shape, scale: -shape * end };
}
