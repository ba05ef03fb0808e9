import { PeopleGraph, personOf } from './people-graph.ts';

export interface FoldablePair {
  readonly left: string;
  readonly right: string;
  readonly mated: boolean;
}

export interface Folds {
  /** Fold number of each pair, in the order of the list. */
  readonly foldOf: Uint8Array;
  /** True when no person stands in two folds. */
  readonly peopleDisjoint: boolean;
}

/**
 * Deals pairs into folds so that no person stands in two of them.
 *
 * People that meet in a pair must share a fold, so the unit that is dealt is a connected component of
 * the graph whose edges are the pairs. Components go, largest first, to the fold where they disturb the
 * balance of mated and non-mated pairs least. A component larger than a fold cannot stay whole (one
 * person compared with everybody): its pairs are then dealt singly and `peopleDisjoint` is false.
 */
export function peopleDisjointFolds(pairs: readonly FoldablePair[], folds: number): Folds {
  const graph = new PeopleGraph();
  for (const { left, right } of pairs) graph.join(personOf(left), personOf(right));
  const components = new Map<string, number[]>();
  for (const [index, { left }] of pairs.entries()) {
    const root = graph.rootOf(personOf(left));
    const component = components.get(root);
    if (component === undefined) components.set(root, [index]);
    else component.push(index);
  }
  const capacity = Math.ceil(pairs.length / folds);
  const groups = [...components.values()].flatMap((component) =>
    component.length > capacity ? component.map((index) => [index]) : [component],
  );
  groups.sort((left, right) => right.length - left.length);
  return {
    foldOf: deal(pairs, groups, folds),
    peopleDisjoint: [...components.values()].every(({ length }) => length <= capacity),
  };
}

function deal(
  pairs: readonly FoldablePair[],
  groups: readonly (readonly number[])[],
  folds: number,
): Uint8Array {
  const foldOf = new Uint8Array(pairs.length);
  const loads = Array.from({ length: folds }, () => ({ mated: 0, nonMated: 0 }));
  for (const group of groups) {
    const mated = group.filter((index) => pairs[index]?.mated === true).length;
    const nonMated = group.length - mated;
    // Sum of squares after the deal minus before it: least where both kinds are still short.
    const costs = loads.map(
      (load) => mated * (2 * load.mated + mated) + nonMated * (2 * load.nonMated + nonMated),
    );
    const fold = costs.indexOf(Math.min(...costs));
    const load = loads[fold];
    if (load !== undefined) {
      load.mated += mated;
      load.nonMated += nonMated;
    }
    for (const index of group) foldOf[index] = fold;
  }
  return foldOf;
}
