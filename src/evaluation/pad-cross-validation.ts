import type { HorizonWeights } from '../domain/liveness-fusion.ts';
import { HORIZONS, type PadExample } from './pad-examples.ts';
import { fitHorizon } from './pad-horizon-fit.ts';
import { scoreClip } from './pad-score.ts';
import { BONA_FIDE } from './presentation-attack-rates.ts';

/** L2 penalties to choose from; a clip counts 1. */
export const PENALTIES = [0.3, 1, 3] as const;
/** Groups of people that take turns in the choice of the penalty. */
const PENALTY_FOLDS = 3;
/** Track lengths that the choice looks at: 1, 2, 4 and 10 s. */
const PENALTY_HORIZONS = [2, 3, 6, 13] as const;

/** The weights of one fold, uncorrected, and the people they have not seen. */
export interface PadFold {
  readonly person: string;
  readonly penalty: number;
  readonly horizons: readonly HorizonWeights[];
}

/** One fold per person, each with a penalty chosen among the others alone. */
export function leavePeopleOut(examples: readonly PadExample[]): readonly PadFold[] {
  return peopleOf(examples).map((person) => {
    const others = examples.filter((example) => example.person !== person);
    const penalty = choosePenalty(others);
    return { person, penalty, horizons: fitAll(others, penalty) };
  });
}

export function fitAll(
  examples: readonly PadExample[],
  penalty: number,
): readonly HorizonWeights[] {
  return HORIZONS.map((samples) => fitHorizon(examples, samples, penalty));
}

/** The penalty of the least balanced log-loss on people left out. */
export function choosePenalty(examples: readonly PadExample[]): number {
  const people = peopleOf(examples);
  const losses = PENALTIES.map((penalty) => {
    let loss = 0;
    for (let fold = 0; fold < PENALTY_FOLDS; fold += 1) {
      const isHeldOut = ({ person }: PadExample): boolean =>
        people.indexOf(person) % PENALTY_FOLDS === fold;
      const others = examples.filter((example) => !isHeldOut(example));
      const horizons = PENALTY_HORIZONS.map((samples) => fitHorizon(others, samples, penalty));
      loss += balancedLoss(examples.filter(isHeldOut), horizons);
    }
    return loss;
  });
  return PENALTIES[losses.indexOf(Math.min(...losses))] ?? PENALTIES[0];
}

/** Mean of -log(probability of the truth), bona fide and attacks weighing alike, summed over the horizons. */
function balancedLoss(
  examples: readonly PadExample[],
  horizons: readonly HorizonWeights[],
): number {
  const sums = { bonaFide: 0, attack: 0 };
  const counts = { bonaFide: 0, attack: 0 };
  for (const example of examples) {
    const side = example.species === BONA_FIDE ? 'bonaFide' : 'attack';
    const sign = side === 'bonaFide' ? 1 : -1;
    for (const { logLikelihoodRatio } of scoreClip(example, horizons).bySamples.values()) {
      sums[side] += Math.log1p(Math.exp(-sign * logLikelihoodRatio));
      counts[side] += 1;
    }
  }
  return sums.bonaFide / counts.bonaFide + sums.attack / counts.attack;
}

export const peopleOf = (examples: readonly PadExample[]): readonly string[] =>
  [...new Set(examples.map(({ person }) => person))].sort();
