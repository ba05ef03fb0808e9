import type { KnownSample } from '../../src/evaluation/all-comparisons.ts';
import { l2NormalizeInPlace } from '../../src/numeric/linear-algebra.ts';
import { seededRandom } from '../../src/numeric/random.ts';

export interface MadeUpPeople {
  readonly people: number;
  readonly picturesEach: number;
  /** First person's number; people of another range are other people. */
  readonly from?: number;
  /** Components that tell people apart. */
  readonly telling: number;
  /** Components of noise beside them. */
  readonly idle: number;
  readonly noise: number;
}

/** Unit vectors with a direction per person in some components, and noise per picture in all. */
export function madeUpPeople(options: MadeUpPeople): KnownSample[] {
  const { people, picturesEach, from = 0, telling, idle, noise } = options;
  const samples: KnownSample[] = [];
  for (let person = from; person < from + people; person += 1) {
    for (let picture = 0; picture < picturesEach; picture += 1) {
      const own = seededRandom(person + 1);
      const scatter = seededRandom(100_003 + person * picturesEach + picture);
      const embedding = Float32Array.from({ length: telling + idle }, (_, k) =>
        k < telling ? own() - 0.5 + noise * (scatter() - 0.5) : noise * (scatter() - 0.5),
      );
      samples.push({ person: `p${person}`, embedding: l2NormalizeInPlace(embedding) });
    }
  }
  return samples;
}
