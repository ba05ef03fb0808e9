import type { RandomSource } from '../numeric/random.ts';
import type { Sample } from './tower.ts';

/** Samples of each person, people in the order in which they first stand. */
export function byPerson(samples: readonly Sample[]): ReadonlyMap<string, readonly Sample[]> {
  const people = new Map<string, Sample[]>();
  for (const sample of samples) {
    const known = people.get(sample.person);
    if (known === undefined) people.set(sample.person, [sample]);
    else known.push(sample);
  }
  return people;
}

/** In random order (Fisher and Yates); the given array is left as it is. */
export function shuffled<T>(items: readonly T[], random: RandomSource): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [result[last], result[other]];
    if (a !== undefined && b !== undefined) [result[last], result[other]] = [b, a];
  }
  return result;
}

/**
 * Parts people, not pictures: nobody of the second part is in the first.
 * @param share  of the people, for the second part; at least one person stays in each
 */
export function partPeople(
  samples: readonly Sample[],
  share: number,
  random: RandomSource,
): readonly [readonly Sample[], readonly Sample[]] {
  const people = shuffled([...byPerson(samples).keys()], random);
  const count = Math.min(people.length - 1, Math.max(1, Math.round(people.length * share)));
  const second = new Set(people.slice(0, count));
  return [
    samples.filter(({ person }) => !second.has(person)),
    samples.filter(({ person }) => second.has(person)),
  ];
}

export interface BatchShape {
  readonly people: number;
  readonly picturesEach: number;
}

/**
 * A batch in which everybody has `picturesEach` rows, so that each row has a positive. Who has fewer
 * pictures stands in it with some of them twice; who has one only is never drawn.
 */
export function drawBatch(
  people: ReadonlyMap<string, readonly Sample[]>,
  shape: BatchShape,
  random: RandomSource,
): readonly Sample[] {
  const usable = [...people.values()].filter(({ length }) => length > 1);
  const order = shuffled(usable, random);
  return Array.from(
    { length: shape.people },
    (_, index) => order[index % order.length] ?? [],
  ).flatMap((samples) => {
    const mixed = shuffled(samples, random);
    return Array.from({ length: shape.picturesEach }, (_, at) => mixed[at % mixed.length]).filter(
      (sample) => sample !== undefined,
    );
  });
}
