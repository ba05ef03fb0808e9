import type { AllComparisons, ComparisonTable } from './all-comparisons.ts';

/** How often each person was drawn; see `subjectBootstrap`. */
export type Multiplicity = Uint32Array;

/**
 * FMR at a threshold as a function of how often each person was drawn. What is above the threshold is
 * gathered once; a resample then costs only those few and one pass over the people.
 */
export function resampledFmr(
  { samplesOf, nonMated }: AllComparisons,
  threshold: number,
): (multiplicity: Multiplicity) => number {
  const above = comparisonsWhere(nonMated, (similarity) => similarity >= threshold);
  return (multiplicity) => {
    let events = 0;
    for (const at of above) events += weight(nonMated, at, multiplicity);
    const trials = nonMatedTrials(samplesOf, multiplicity);
    return trials === 0 ? Number.NaN : events / trials;
  };
}

/** Weight of all non-mated comparisons: the sum over i < j of w_i n_i w_j n_j, by the square of the sum. */
export function nonMatedTrials(samplesOf: Uint32Array, multiplicity: Multiplicity): number {
  let sum = 0;
  let squares = 0;
  for (const [person, samples] of samplesOf.entries()) {
    const weighted = samples * (multiplicity[person] ?? 0);
    sum += weighted;
    squares += weighted * weighted;
  }
  return (sum * sum - squares) / 2;
}

/** FNMR at a threshold as a function of how often each person was drawn. */
export function resampledFnmr(
  { samplesOf, mated }: AllComparisons,
  threshold: number,
): (multiplicity: Multiplicity) => number {
  const below = comparisonsWhere(mated, (similarity) => similarity < threshold);
  return (multiplicity) => {
    let events = 0;
    for (const at of below) events += multiplicity[mated.leftPerson[at] ?? 0] ?? 0;
    let trials = 0;
    for (const [person, samples] of samplesOf.entries()) {
      trials += ((samples * (samples - 1)) / 2) * (multiplicity[person] ?? 0);
    }
    return trials === 0 ? Number.NaN : events / trials;
  };
}

/** Positions in the table of the comparisons that the condition holds for. */
export function comparisonsWhere(
  { similarity }: ComparisonTable,
  holds: (similarity: number) => boolean,
): Uint32Array {
  const found: number[] = [];
  for (const [at, value] of similarity.entries()) if (holds(value)) found.push(at);
  return Uint32Array.from(found);
}

/** Weight of a non-mated comparison in a resample. */
export function weight(table: ComparisonTable, at: number, multiplicity: Multiplicity): number {
  return (
    (multiplicity[table.leftPerson[at] ?? 0] ?? 0) * (multiplicity[table.rightPerson[at] ?? 0] ?? 0)
  );
}
