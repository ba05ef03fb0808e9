import { type Threshold, thresholdFor } from '../decision/threshold.ts';
import type { Calibration, CalibrationPoint } from '../domain/calibration.ts';
import { EvaluationError } from '../domain/errors.ts';
import type { FusionRate, LivenessFusion } from '../domain/liveness-fusion.ts';
import { normalDraw, type RandomSource, seededRandom } from '../numeric/random.ts';
import { clopperPearson, type Interval } from './clopper-pearson.ts';
import { inverseIncompleteBeta } from './incomplete-beta.ts';
import { quantile } from './subject-bootstrap.ts';

/** A door and who tries it. */
export interface RiskQuestion {
  /** N: templates that every visitor is compared with. */
  readonly people: number;
  /** v: visits a day by people who may not enter. */
  readonly triesPerDay: number;
  /** Part of those visits in which the picture of somebody enrolled is held up. */
  readonly attackShare: number;
  /** Tolerated false positives per search: what the threshold is chosen for. */
  readonly targetFpir: number;
  /** How long liveness may look: one of the moments that its weights state. */
  readonly seconds: number;
}

export interface RiskTerm {
  /** Median and 95 % interval, false admissions per door and year. */
  readonly perYear: number;
  readonly interval: Interval;
}

export interface Risk {
  readonly threshold: number;
  /** Per comparison, at that threshold. */
  readonly fmr: number;
  readonly basis: Extract<Threshold, { readonly outcome: 'known' }>['basis'];
  /** A living stranger who is taken for somebody enrolled. */
  readonly zeroEffort: RiskTerm;
  /** A picture of somebody enrolled that is taken for a living person. */
  readonly attack: RiskTerm;
  readonly total: RiskTerm;
  /** APCER that the attack term stands on, all species alike. */
  readonly apcer: FusionRate;
  /** The species that passes most often, and what the attack term would be if every attack were of it. */
  readonly worst: {
    readonly species: string;
    readonly apcer: FusionRate;
    readonly attack: RiskTerm;
  };
  /** The upper end that even a perfect result of so many attack clips would leave. */
  readonly bestProvableApcer: number;
  /** Attack share at which the attack term alone would reach a tenth of an admission a year. */
  readonly bearableAttackShare: number;
}

const DAYS = 365;
const DRAWS = 4_000;
const SEED = 17;
/** The goal that the bearable share is stated for. */
export const GOAL_PER_YEAR = 0.1;
/** 95 % of a normal distribution lie within so many deviations. */
const Z = 1.959964;

/**
 * False admissions per door and year: visits x (a stranger matches) + attacks x (a picture passes). Rates are
 * drawn from what was measured: the match rate log-normally within its interval, the rates of the
 * species from their Beta distributions (Jeffreys). A picture of somebody enrolled is taken to match
 * always, and a living stranger to pass liveness always: neither helps.
 * @throws PORTICO_EVALUATION_DATA when the curves do not reach that far
 */
export function riskOf(
  calibration: Calibration,
  liveness: LivenessFusion,
  question: RiskQuestion,
): Risk {
  const found = thresholdFor(calibration, question.targetFpir, question.people);
  if (found.outcome === 'missing') throw unknown(found.because);
  const moment = liveness.crossValidated.find(({ seconds }) => seconds === question.seconds);
  if (moment === undefined) {
    const known = liveness.crossValidated.map(({ seconds }) => seconds).join(', ');
    throw unknown(`liveness was measured after ${known} seconds, not after ${question.seconds}`);
  }
  const species = Object.entries(moment.apcer);
  const counts = species.map(([, rate]) => countsOf(rate));
  const [worstName, worstRate] = species.reduce((worst, one) =>
    one[1].rate > worst[1].rate ? one : worst,
  );
  const deviation = logDeviation(calibration.points, found.fmr);
  const visits = DAYS * question.triesPerDay;
  const attempts = visits * question.attackShare;
  const random = seededRandom(SEED);
  const strangers: number[] = [];
  const attacks: number[] = [];
  const worstAttacks: number[] = [];
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const fmr = found.fmr * Math.exp(deviation * normalDraw(random));
    const fpir = -Math.expm1(question.people * Math.log1p(-Math.min(fmr, 1 - 1e-12)));
    strangers.push((visits - attempts) * fpir);
    attacks.push(attempts * meanOf(counts.map((one) => drawRate(one, random))));
    worstAttacks.push(attempts * drawRate(countsOf(worstRate), random));
  }
  const events = counts.reduce((sum, one) => sum + one.events, 0);
  const trials = counts.reduce((sum, one) => sum + one.trials, 0);
  const apcer = { rate: events / trials, trials, interval: clopperPearson(events, trials) };
  return {
    threshold: found.threshold,
    fmr: found.fmr,
    basis: found.basis,
    zeroEffort: termOf(strangers),
    attack: termOf(attacks),
    total: termOf(strangers.map((value, index) => value + (attacks[index] ?? 0))),
    apcer,
    worst: { species: worstName, apcer: worstRate, attack: termOf(worstAttacks) },
    bestProvableApcer: clopperPearson(0, trials)[1],
    bearableAttackShare: GOAL_PER_YEAR / (visits * Math.max(apcer.rate, 1 / trials)),
  };
}

interface Counts {
  readonly events: number;
  readonly trials: number;
}

const countsOf = ({ rate, trials }: FusionRate): Counts => ({
  events: Math.round(rate * trials),
  trials,
});

const drawRate = ({ events, trials }: Counts, random: RandomSource): number =>
  inverseIncompleteBeta(random(), events + 0.5, trials - events + 0.5);

/** Of log(FMR), from the interval of the nearest stated point. */
function logDeviation(points: readonly CalibrationPoint[], fmr: number): number {
  const distance = (point: CalibrationPoint): number => Math.abs(Math.log(point.fmr / fmr));
  const nearest = points.reduce((best, point) => (distance(point) < distance(best) ? point : best));
  const [low, high] = nearest.fmrInterval;
  return Math.log(high / Math.max(low, high / 1e4)) / (2 * Z);
}

function termOf(draws: readonly number[]): RiskTerm {
  const ascending = Float64Array.from(draws).sort();
  return {
    perYear: quantile(ascending, 0.5),
    interval: [quantile(ascending, 0.025), quantile(ascending, 0.975)],
  };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const unknown = (because: string): EvaluationError =>
  new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `the risk of this door is not known: ${because}`,
    remedy: 'Ask for rates that the calibration and the liveness weights state.',
  });
