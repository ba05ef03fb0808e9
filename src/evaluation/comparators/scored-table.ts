import type { AllComparisons, ComparisonTable } from '../all-comparisons.ts';
import type { LabelledComparison } from '../comparison-scores.ts';
import type { FoldablePair } from '../people-disjoint-folds.ts';
import { personNumbers } from '../person-numbers.ts';
import { type Multiplicity, nonMatedTrials, weight } from '../resampled-rates.ts';

/** Scores with the people behind them: what drawing people anew needs. */
export interface ScoredTable {
  readonly people: number;
  readonly mated: ComparisonTable;
  readonly nonMated: ComparisonTable;
  /** Weight of all non-mated comparisons when people were drawn that often. */
  nonMatedWeight(multiplicity: Multiplicity): number;
}

export const tableOfAll = (comparisons: AllComparisons): ScoredTable => ({
  people: comparisons.people,
  mated: comparisons.mated,
  nonMated: comparisons.nonMated,
  nonMatedWeight: (multiplicity) => nonMatedTrials(comparisons.samplesOf, multiplicity),
});

/**
 * The same for listed pairs. A mated pair that could not be compared is one that no threshold accepts; a
 * non-mated one is left out.
 */
export function tableOfPairs(pairs: readonly (FoldablePair & LabelledComparison)[]): ScoredTable {
  const numbers = personNumbers(pairs);
  const rows = pairs.map(({ mated, similarity }, at) => ({ mated, similarity, ...numbers[at] }));
  const table = (kept: typeof rows): ComparisonTable => ({
    similarity: Float64Array.from(kept, ({ similarity }) =>
      similarity === 'not-acquired' ? Number.NEGATIVE_INFINITY : similarity,
    ),
    leftPerson: Uint16Array.from(kept, ({ left }) => left ?? 0),
    rightPerson: Uint16Array.from(kept, ({ right }) => right ?? 0),
  });
  const nonMated = table(
    rows.filter(({ mated, similarity }) => !mated && similarity !== 'not-acquired'),
  );
  return {
    people: 1 + Math.max(...numbers.flatMap(({ left, right }) => [left, right])),
    mated: table(rows.filter(({ mated }) => mated)),
    nonMated,
    nonMatedWeight: (multiplicity) => {
      let sum = 0;
      for (const at of nonMated.similarity.keys()) sum += weight(nonMated, at, multiplicity);
      return sum;
    },
  };
}
