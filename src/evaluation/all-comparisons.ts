import type { Embedding } from '../domain/probe.ts';
import { dot } from '../numeric/linear-algebra.ts';

/** One encoded picture of a known person. */
export interface KnownSample {
  readonly person: string;
  readonly embedding: Embedding;
}

/**
 * Similarities of every pair of samples. Persons are numbered; comparison k is of persons
 * `leftPerson[k]` and `rightPerson[k]`, which is what resampling by person needs.
 */
export interface ComparisonTable {
  readonly similarity: Float64Array;
  readonly leftPerson: Uint16Array;
  readonly rightPerson: Uint16Array;
}

export interface AllComparisons {
  readonly people: number;
  /** Samples of each person, by number. */
  readonly samplesOf: Uint32Array;
  readonly mated: ComparisonTable;
  readonly nonMated: ComparisonTable;
}

/**
 * Compares every sample with every other once; n samples give n(n - 1)/2 comparisons.
 * @param compare  higher is more alike; default: the cosine of unit vectors
 */
export function allComparisons(
  samples: readonly KnownSample[],
  compare: (left: Embedding, right: Embedding) => number = dot,
): AllComparisons {
  const numbers = new Map<string, number>();
  for (const { person } of samples) if (!numbers.has(person)) numbers.set(person, numbers.size);
  const numbered = samples.map(({ person, embedding }) => ({
    person: numbers.get(person) ?? 0,
    embedding,
  }));
  const samplesOf = new Uint32Array(numbers.size);
  for (const { person } of numbered) samplesOf[person] = (samplesOf[person] ?? 0) + 1;
  const matedCount = samplesOf.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const mated = table(matedCount);
  const nonMated = table((samples.length * (samples.length - 1)) / 2 - matedCount);
  const filled = { mated: 0, nonMated: 0 };
  for (const [index, left] of numbered.entries()) {
    for (let other = index + 1; other < numbered.length; other += 1) {
      const right = numbered[other];
      if (right === undefined) break;
      const kind = left.person === right.person ? 'mated' : 'nonMated';
      const into = kind === 'mated' ? mated : nonMated;
      const at = filled[kind];
      filled[kind] = at + 1;
      into.similarity[at] = compare(left.embedding, right.embedding);
      into.leftPerson[at] = left.person;
      into.rightPerson[at] = right.person;
    }
  }
  return { people: numbers.size, samplesOf, mated, nonMated };
}

const table = (length: number): ComparisonTable => ({
  similarity: new Float64Array(length),
  leftPerson: new Uint16Array(length),
  rightPerson: new Uint16Array(length),
});
