import type { FoldablePair } from './people-disjoint-folds.ts';
import { personOf } from './people-graph.ts';

export interface NumberedPair {
  readonly left: number;
  readonly right: number;
}

/** Numbers the people of listed pairs in the order in which the list names them. */
export function personNumbers(pairs: readonly FoldablePair[]): readonly NumberedPair[] {
  const numbers = new Map<string, number>();
  const numberOf = (path: string): number => {
    const person = personOf(path);
    const known = numbers.get(person) ?? numbers.size;
    numbers.set(person, known);
    return known;
  };
  return pairs.map(({ left, right }) => ({ left: numberOf(left), right: numberOf(right) }));
}
