import { seededRandom } from '../../numeric/random.ts';
import { allComparisons, type KnownSample } from '../all-comparisons.ts';
import { countAtOrAbove } from '../comparison-scores.ts';
import { thresholdAtFmr } from '../threshold-at-fmr.ts';
import {
  type ComparisonHead,
  compareByHead,
  fitComparisonHead,
  type TrainingPair,
} from './comparison-head.ts';
import type { FeatureName } from './pair-features.ts';

/** From nearly free to hardly able to move: the choice is made on people left out. */
const PENALTIES = [1e-3, 1e-2, 1e-1, 1] as const;
/** Every so-manieth person judges the penalties. */
const HELD_OUT = 5;
/** The rate that the penalty is chosen for. */
const CHOICE_FMR = 1e-3;
const NON_MATED_PER_MATED = 2;
const SEED = 11;

export interface TrainedHead {
  readonly head: ComparisonHead;
  readonly penalty: number;
  readonly pairs: number;
}

/**
 * Trains a head on pictures of known people. The penalty is the one whose head, trained on four fifths
 * of them, accepts most mated comparisons of the other fifth at FMR 1e-3; the head itself learns from all.
 * @throws PORTICO_EVALUATION_DATA when there are too few people
 */
export function trainHead(samples: readonly KnownSample[], features: FeatureName): TrainedHead {
  const people = [...new Set(samples.map(({ person }) => person))];
  const held = new Set(people.filter((_, index) => index % HELD_OUT === 0));
  const judges = samples.filter(({ person }) => held.has(person));
  const learners = trainingPairs(samples.filter(({ person }) => !held.has(person)));
  const tars = PENALTIES.map((penalty) =>
    tarOf(fitComparisonHead(learners, features, penalty), judges),
  );
  // Of equally good ones the strongest: it strays least from what the encoder was trained for.
  const penalty = PENALTIES[tars.lastIndexOf(Math.max(...tars))] ?? 1;
  const pairs = trainingPairs(samples);
  return { head: fitComparisonHead(pairs, features, penalty), penalty, pairs: pairs.length };
}

/** Every mated pair, and for each of them two with a random picture of somebody else. */
export function trainingPairs(samples: readonly KnownSample[]): readonly TrainingPair[] {
  const random = seededRandom(SEED);
  const pairs: TrainingPair[] = [];
  for (const [index, left] of samples.entries()) {
    for (const right of samples.slice(index + 1)) {
      if (right.person !== left.person) continue;
      pairs.push({ left: left.embedding, right: right.embedding, mated: true });
      for (let count = 0; count < NON_MATED_PER_MATED; count += 1) {
        const other = samples[Math.floor(random() * samples.length)];
        if (other === undefined || other.person === left.person) continue;
        pairs.push({ left: left.embedding, right: other.embedding, mated: false });
      }
    }
  }
  return pairs;
}

function tarOf(head: ComparisonHead, judges: readonly KnownSample[]): number {
  const { mated, nonMated } = allComparisons(judges, compareByHead(head));
  const threshold = thresholdAtFmr({ nonMated: nonMated.similarity.slice().sort() }, CHOICE_FMR);
  return countAtOrAbove(mated.similarity.slice().sort(), threshold) / mated.similarity.length;
}
