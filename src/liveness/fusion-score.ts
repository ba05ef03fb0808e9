import type { HorizonWeights, LivenessFusion, SpeciesWeights } from '../domain/liveness-fusion.ts';
import type { CueKind } from './cues/cue.ts';

/** What one cue added to the log-likelihood ratio; > 0 speaks for a bona fide presentation. */
export interface CueContribution {
  readonly cue: string;
  readonly kind: CueKind;
  /** Absent: the cue was missing and added nothing. */
  readonly value: number | undefined;
  readonly contribution: number;
}

export interface FusionScore {
  readonly logLikelihoodRatio: number;
  /** The same with no credit to an attack for what did not move: the only ground for refusing. */
  readonly ratioWithoutStillness: number;
  /** The part of the ratio that the motion cues add. */
  readonly motionRatio: number;
  /** The part of the ratio that the marks of a picture add, <= 0. */
  readonly marksRatio: number;
  /** In the order of the cues. */
  readonly contributions: readonly CueContribution[];
}

/** One species' log-likelihood ratio, whole and without stillness. */
interface SpeciesRatio {
  readonly weights: SpeciesWeights;
  readonly whole: number;
  readonly withoutStillness: number;
}

/** The weights for a track of so many key frames; undefined while there are too few. */
export function horizonFor(fusion: LivenessFusion, samples: number): HorizonWeights | undefined {
  return fusion.horizons.findLast((horizon) => horizon.samples <= samples);
}

/**
 * Fuses the cues of a track. Against each species stands a logistic model; the species are equally
 * likely beforehand, so an attack's likelihood is the mean over them:
 * ratio = -log(mean over species of exp(-ratio of the species)), then the slope and offset of the fit.
 * @param values  (cues) float64 in the order of `kinds`; NaN for a missing cue, which adds nothing
 * @param kinds   of each cue
 */
export function fusionScore(
  fusion: Pick<LivenessFusion, 'cues' | 'cueLimit'>,
  horizon: Pick<HorizonWeights, 'centres' | 'scales' | 'species' | 'slope' | 'offset'>,
  values: Float64Array,
  kinds: readonly CueKind[],
): FusionScore {
  const standardised = standardise(values, horizon, fusion.cueLimit);
  const ratios = horizon.species.map((weights) => speciesRatio(weights, standardised, kinds));
  const { slope, offset } = horizon;
  const whole = mixtureRatio(ratios.map((ratio) => ratio.whole));
  const withoutStillness = mixtureRatio(ratios.map((ratio) => ratio.withoutStillness));
  const shares = ratios.map((ratio) => Math.exp(whole - ratio.whole) / ratios.length);
  const contributions = fusion.cues.map((cue, index): CueContribution => {
    let weight = 0;
    for (const [at, { weights }] of ratios.entries()) {
      weight += (shares[at] ?? 0) * (weights.weights[index] ?? 0);
    }
    const value = values[index] ?? Number.NaN;
    return {
      cue,
      kind: kinds[index] ?? 'motion',
      value: Number.isNaN(value) ? undefined : value,
      contribution: slope * weight * (standardised[index] ?? 0),
    };
  });
  let motionRatio = 0;
  for (const { kind, contribution } of contributions) {
    if (kind === 'motion') motionRatio += contribution;
  }
  return {
    logLikelihoodRatio: offset + slope * whole,
    ratioWithoutStillness: offset + slope * withoutStillness,
    motionRatio,
    marksRatio: 0,
    contributions,
  };
}

/** (cues) float64 in [-limit, limit]; 0 for a missing cue. */
export function standardise(
  values: Float64Array,
  { centres, scales }: Pick<HorizonWeights, 'centres' | 'scales'>,
  limit: number,
): Float64Array {
  return values.map((value, index) => {
    if (Number.isNaN(value)) return 0;
    const away = (value - (centres[index] ?? 0)) / (scales[index] ?? 1);
    return Math.max(-limit, Math.min(limit, away));
  });
}

function speciesRatio(
  weights: SpeciesWeights,
  standardised: Float64Array,
  kinds: readonly CueKind[],
): SpeciesRatio {
  const parts = { appearance: weights.intercept, motion: 0 };
  for (const [index, value] of standardised.entries()) {
    const part = (weights.weights[index] ?? 0) * value;
    parts[kinds[index] ?? 'motion'] += part;
  }
  const { appearance, motion } = parts;
  return {
    weights,
    whole: appearance + motion,
    withoutStillness: appearance + Math.max(0, motion),
  };
}

/** -log(mean(exp(-ratio))), computed from the least one so that nothing overflows. */
function mixtureRatio(ratios: readonly number[]): number {
  const least = Math.min(...ratios);
  let sum = 0;
  for (const ratio of ratios) sum += Math.exp(least - ratio);
  return least - Math.log(sum / ratios.length);
}
