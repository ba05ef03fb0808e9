import { allComparisons } from '../evaluation/all-comparisons.ts';
import type { Interval } from '../evaluation/clopper-pearson.ts';
import { subjectBootstrap } from '../evaluation/subject-bootstrap.ts';
import { thresholdAtFmr } from '../evaluation/threshold-at-fmr.ts';
import type { Sample } from './tower.ts';

/** What a change of the vectors does to people that it was not made for. */
export interface Improvement {
  readonly fmr: number;
  readonly people: number;
  readonly tarBefore: number;
  readonly tarAfter: number;
  /** Of the difference, by resampling people. */
  readonly interval: Interval;
  /** The whole interval lies above zero. */
  readonly isCertain: boolean;
}

const RESAMPLES = 1_000;
const SEED = 5;

/**
 * Compares two sets of vectors of the same pictures, each at its own threshold for the false match rate.
 * @throws PORTICO_EVALUATION_DATA when there is nobody to be mistaken for
 */
export function improvementOf(
  samples: readonly Sample[],
  vectors: { readonly before: readonly Float32Array[]; readonly after: readonly Float32Array[] },
  fmr: number,
): Improvement {
  const before = acceptedOf(samples, vectors.before, fmr);
  const after = acceptedOf(samples, vectors.after, fmr);
  const difference = (multiplicity: Uint32Array): number => {
    let weight = 0;
    let gained = 0;
    for (const [index, person] of before.personOf.entries()) {
      const times = multiplicity[person] ?? 0;
      weight += times;
      gained += times * ((after.accepted[index] ?? 0) - (before.accepted[index] ?? 0));
    }
    return weight === 0 ? Number.NaN : gained / weight;
  };
  const { people } = before;
  const interval = subjectBootstrap(difference, {
    subjects: people,
    resamples: RESAMPLES,
    seed: SEED,
  });
  return {
    fmr,
    people,
    tarBefore: shareOf(before.accepted),
    tarAfter: shareOf(after.accepted),
    interval,
    isCertain: interval[0] > 0,
  };
}

/** Which mated comparisons pass. */
function acceptedOf(samples: readonly Sample[], vectors: readonly Float32Array[], fmr: number) {
  const known = samples.map(({ person }, index) => ({
    person,
    embedding: vectors[index] ?? new Float32Array(),
  }));
  const { people, mated, nonMated } = allComparisons(known);
  const threshold = thresholdAtFmr({ nonMated: nonMated.similarity.sort() }, fmr);
  return {
    people,
    personOf: mated.leftPerson,
    accepted: Uint8Array.from(mated.similarity, (similarity) => (similarity >= threshold ? 1 : 0)),
  };
}

const shareOf = (accepted: Uint8Array): number =>
  accepted.reduce((sum, value) => sum + value, 0) / accepted.length;
