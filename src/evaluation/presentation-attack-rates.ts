import { EvaluationError } from '../domain/errors.ts';
import { clopperPearson, type Interval } from './clopper-pearson.ts';

export interface Proportion {
  readonly errors: number;
  readonly trials: number;
  readonly rate: number;
  readonly interval: Interval;
}

/** One presentation and what the liveness stage said of it. */
export interface JudgedPresentation {
  /** 'bona-fide', or the name of the attack's species. */
  readonly kind: string;
  readonly judgedBonaFide: boolean;
}

export interface PresentationAttackRates {
  /** Bona fide presentations judged attacks (or left undecided). */
  readonly bpcer: Proportion;
  /** Attacks judged bona fide, per species: an average would hide the worst. */
  readonly apcer: Readonly<Record<string, Proportion>>;
  readonly worstSpecies: string;
}

export const BONA_FIDE = 'bona-fide';

/**
 * APCER per attack species and BPCER, each with its exact interval.
 * @throws PORTICO_EVALUATION_DATA unless there are bona fide presentations and at least one species
 * Source: the rates of ISO/IEC 30107-3
 */
export function presentationAttackRates(
  presentations: readonly JudgedPresentation[],
): PresentationAttackRates {
  const counts = new Map<string, { errors: number; trials: number }>();
  for (const { kind, judgedBonaFide } of presentations) {
    const count = counts.get(kind) ?? { errors: 0, trials: 0 };
    counts.set(kind, count);
    count.trials += 1;
    if (judgedBonaFide !== (kind === BONA_FIDE)) count.errors += 1;
  }
  const bonaFide = counts.get(BONA_FIDE);
  const species = [...counts]
    .filter(([kind]) => kind !== BONA_FIDE)
    .map(([kind, count]) => [kind, proportion(count.errors, count.trials)] as const)
    .sort(([, left], [, right]) => right.rate - left.rate);
  const worst = species[0];
  if (bonaFide === undefined || worst === undefined) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `presentations of both kinds are needed; the kinds here are: ${[...counts.keys()].join(', ')}`,
      remedy: `Label bona fide presentations '${BONA_FIDE}' and attacks by their species.`,
    });
  }
  return {
    bpcer: proportion(bonaFide.errors, bonaFide.trials),
    apcer: Object.fromEntries(species),
    worstSpecies: worst[0],
  };
}

/** With its exact 95 % interval. */
export function proportion(errors: number, trials: number): Proportion {
  return { errors, trials, rate: errors / trials, interval: clopperPearson(errors, trials) };
}
