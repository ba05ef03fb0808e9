import { squaredDistance } from '../numeric/linear-algebra.ts';
import type { RandomSource } from '../numeric/random.ts';

/** Rows of a batch that make one triplet. */
export interface Triplet {
  readonly anchor: number;
  readonly positive: number;
  readonly negative: number;
}

export const MINING = ['random', 'semi-hard', 'batch-hard'] as const;
export type Mining = (typeof MINING)[number];

/** A batch as the tower sees it now. */
export interface MiningBatch {
  readonly people: readonly string[];
  /** One unit row per sample. */
  readonly rows: readonly Float32Array[];
  readonly margin: number;
}

/**
 * One triplet for every row that has another picture of its person in the batch:
 * - random: any positive, any negative;
 * - semi-hard: any positive, and a negative that is farther away than it, but by less than the margin;
 *   where there is none, the nearest that is farther, else the farthest of all;
 * - batch-hard: the farthest positive and the nearest negative.
 * Source: Schroff et al. 2015, section 3.2 (semi-hard); Hermans et al. 2017, eq. 5 (batch-hard)
 */
export function mineTriplets(
  batch: MiningBatch,
  mining: Mining,
  random: RandomSource,
): readonly Triplet[] {
  const choose = { random: anyTriplet, 'semi-hard': semiHard, 'batch-hard': batchHard }[mining];
  return batch.rows.flatMap((row, anchor) => {
    const others = batch.rows.map(
      (other, index): Neighbour => ({
        index,
        distance: squaredDistance(row, other),
      }),
    );
    const isSame = ({ index }: Neighbour): boolean => batch.people[index] === batch.people[anchor];
    const positives = others.filter((other) => other.index !== anchor && isSame(other));
    const negatives = others.filter((other) => !isSame(other));
    const chosen = choose(positives, negatives, { margin: batch.margin, random });
    if (chosen === undefined) return [];
    return [{ anchor, positive: chosen[0].index, negative: chosen[1].index }];
  });
}

interface Neighbour {
  readonly index: number;
  readonly distance: number;
}

type Choice = (
  positives: readonly Neighbour[],
  negatives: readonly Neighbour[],
  given: { readonly margin: number; readonly random: RandomSource },
) => readonly [Neighbour, Neighbour] | undefined;

const pick = (of: readonly Neighbour[], random: RandomSource): Neighbour | undefined =>
  of[Math.floor(random() * of.length)];
const nearest = (of: readonly Neighbour[]): Neighbour | undefined =>
  of.toSorted((left, right) => left.distance - right.distance)[0];
const farthest = (of: readonly Neighbour[]): Neighbour | undefined =>
  of.toSorted((left, right) => right.distance - left.distance)[0];
const both = (
  positive: Neighbour | undefined,
  negative: Neighbour | undefined,
): readonly [Neighbour, Neighbour] | undefined =>
  positive === undefined || negative === undefined ? undefined : [positive, negative];

const anyTriplet: Choice = (positives, negatives, { random }) =>
  both(pick(positives, random), pick(negatives, random));

const semiHard: Choice = (positives, negatives, { margin, random }) => {
  const positive = pick(positives, random);
  if (positive === undefined) return undefined;
  const beyond = negatives.filter(({ distance }) => distance > positive.distance);
  const within = beyond.filter(({ distance }) => distance < positive.distance + margin);
  return both(positive, pick(within, random) ?? nearest(beyond) ?? farthest(negatives));
};

const batchHard: Choice = (positives, negatives) => both(farthest(positives), nearest(negatives));
