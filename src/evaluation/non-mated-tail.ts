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

/**
 * Fits the tail of the non-mated similarities above a threshold (peaks over threshold).
 *
 * A fitted shape below 0 claims that no similarity can ever exceed some end point, which a few hundred
 * people cannot vouch for; the shape is therefore raised to 0 (an exponential tail through the same
 * mean), so that the extrapolated thresholds err on the strict side.
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
    const mean = excesses.reduce((sum, excess) => sum + excess, 0) / excesses.length;
    const law = fitted.shape < 0 ? { shape: 0, scale: mean } : fitted;
    return { from, share: shareOf(multiplicity), law };
  };
}
