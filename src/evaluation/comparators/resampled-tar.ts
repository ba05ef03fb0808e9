import { comparisonsWhere, type Multiplicity, weight } from '../resampled-rates.ts';
import type { ScoredTable } from './scored-table.ts';

/** A resample may favour people who look alike: so many times the share that may pass is kept sorted. */
const MARGIN = 5;
const LEAST_KEPT = 100;

/**
 * TAR at a target FMR as a function of how often each person was drawn, the threshold being chosen anew
 * each time as `thresholdAtFmr` does: two comparators are then compared at one rate, not at one number.
 * @returns NaN where a resample has no comparisons of one kind, or too few of those kept
 */
export function resampledTar(
  table: ScoredTable,
  targetFmr: number,
): (multiplicity: Multiplicity) => number {
  const { mated, nonMated } = table;
  const ascending = nonMated.similarity.slice().sort();
  const kept = Math.max(LEAST_KEPT, Math.ceil(MARGIN * targetFmr * ascending.length));
  const least = ascending[ascending.length - kept] ?? Number.NEGATIVE_INFINITY;
  const descending = comparisonsWhere(nonMated, (similarity) => similarity >= least).sort(
    (left, right) => (nonMated.similarity[right] ?? 0) - (nonMated.similarity[left] ?? 0),
  );
  return (multiplicity) => {
    const mayPass = targetFmr * table.nonMatedWeight(multiplicity) * (1 + 1e-12);
    let passed = 0;
    const refused = descending.find((at) => {
      passed += weight(nonMated, at, multiplicity);
      return passed > mayPass;
    });
    if (refused === undefined) return Number.NaN;
    const limit = nonMated.similarity[refused] ?? Number.NaN;
    let accepted = 0;
    let trials = 0;
    for (const [at, similarity] of mated.similarity.entries()) {
      const times = multiplicity[mated.leftPerson[at] ?? 0] ?? 0;
      trials += times;
      if (similarity > limit) accepted += times;
    }
    return trials === 0 ? Number.NaN : accepted / trials;
  };
}
