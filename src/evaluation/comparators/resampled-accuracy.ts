import type { Verdict } from '../k-fold-accuracy.ts';
import type { FoldablePair } from '../people-disjoint-folds.ts';
import { personNumbers } from '../person-numbers.ts';
import type { Multiplicity } from '../resampled-rates.ts';

/**
 * Share of right verdicts as a function of how often each person was drawn, people being numbered in the
 * order in which the pairs name them.
 */
export function resampledAccuracy(
  pairs: readonly FoldablePair[],
  verdicts: readonly Verdict[],
): (multiplicity: Multiplicity) => number {
  const people = personNumbers(pairs);
  return (multiplicity) => {
    let right = 0;
    let trials = 0;
    for (const [at, verdict] of verdicts.entries()) {
      if (verdict === 'left-out') continue;
      const { left, right: other } = people[at] ?? { left: 0, right: 0 };
      const times = multiplicity[left] ?? 0;
      const weight = left === other ? times : times * (multiplicity[other] ?? 0);
      trials += weight;
      if (verdict === 'right') right += weight;
    }
    return trials === 0 ? Number.NaN : right / trials;
  };
}
