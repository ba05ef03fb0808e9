import { EvaluationError } from '../domain/errors.ts';
import {
  type HorizonWeights,
  LIVENESS_FUSION_SCHEMA_VERSION,
  type LivenessBounds,
  type LivenessFusion,
} from '../domain/liveness-fusion.ts';
import type { FusionScore } from '../liveness/fusion-score.ts';
import { choosePenalty, fitAll, leavePeopleOut, peopleOf } from './pad-cross-validation.ts';
import { CADENCE_MS, CUE_NAMES, HORIZONS, type PadExample, padExample } from './pad-examples.ts';
import { padOperatingPoint } from './pad-operating-point.ts';
import { padRatesAt, SECONDS } from './pad-rates.ts';
import { type ClipScores, scoreClip } from './pad-score.ts';
import { sequentialBounds } from './pad-sequential.ts';
import type { PadTrack } from './pad-tracks.ts';
import { BONA_FIDE } from './presentation-attack-rates.ts';
import { type RatioCorrection, ratioCorrection, UNCORRECTED } from './ratio-correction.ts';
import { CUE_LIMIT } from './species-fit.ts';

/** What clips say that were scored by weights which have not seen their people. */
export interface LeftOutFit {
  readonly leftOut: readonly ClipScores[];
  /** Slope, offset and threshold for each number of key frames. */
  readonly operating: readonly OperatingPoint[];
  readonly bounds: LivenessBounds;
}

export type OperatingPoint = Pick<HorizonWeights, 'samples' | 'slope' | 'offset' | 'threshold'>;

export interface LivenessFitOptions {
  /** How the data is called in the file of weights. */
  readonly dataName: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/**
 * Fits the liveness fusion to everything; penalty, slopes, thresholds, bounds and rates come from
 * leave-people-out cross-validation.
 * @throws PORTICO_EVALUATION_DATA unless there are bona fide clips of ten seconds, and attacks
 */
export function fitLivenessFusion(
  tracks: readonly PadTrack[],
  { dataName, date }: LivenessFitOptions,
): LivenessFusion {
  const examples = tracks.map(padExample);
  const { leftOut, operating, bounds } = crossValidate(examples);
  const penalty = choosePenalty(examples);
  return {
    schemaVersion: LIVENESS_FUSION_SCHEMA_VERSION,
    date,
    data: { name: dataName, persons: peopleOf(examples).length, clips: examples.length },
    cadenceMs: CADENCE_MS,
    cues: CUE_NAMES,
    cueLimit: CUE_LIMIT,
    penalty,
    horizons: fitAll(examples, penalty).map((horizon) => ({
      ...horizon,
      ...operating.find(({ samples }) => samples === horizon.samples),
    })),
    bounds,
    crossValidated: SECONDS.map((seconds) => padRatesAt(leftOut, operating, seconds)),
  };
}

/**
 * Scores every clip by weights fitted without its person, the penalty chosen inside the folds.
 * @throws PORTICO_EVALUATION_DATA unless there are bona fide clips of ten seconds
 */
export function crossValidate(examples: readonly PadExample[]): LeftOutFit {
  const folds = new Map(leavePeopleOut(examples).map((fold) => [fold.person, fold.horizons]));
  const raw = examples.map((example) => scoreClip(example, folds.get(example.person) ?? []));
  const corrections = new Map(
    HORIZONS.map((samples): [number, RatioCorrection] => [samples, correctionAt(raw, samples)]),
  );
  const leftOut = raw.map((scores) => corrected(scores, corrections));
  const operating = HORIZONS.map((samples) => ({
    samples,
    ...(corrections.get(samples) ?? UNCORRECTED),
    threshold: thresholdAt(leftOut, samples),
  }));
  return { leftOut, operating, bounds: sequentialBounds(leftOut) };
}

function thresholdAt(clips: readonly ClipScores[], samples: number): number {
  const threshold = padOperatingPoint(clips, samples);
  if (threshold !== undefined) return threshold;
  throw new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `no bona fide clip has ${samples} key frames, ${CADENCE_MS} ms apart`,
    remedy: 'Give bona fide clips of at least ten seconds.',
  });
}

function correctionAt(clips: readonly ClipScores[], samples: number): RatioCorrection {
  return ratioCorrection(
    clips.flatMap(({ example, bySamples }) => {
      const score = bySamples.get(samples);
      const isBonaFide = example.species === BONA_FIDE;
      return score === undefined ? [] : [{ isBonaFide, ratio: score.logLikelihoodRatio }];
    }),
  );
}

function corrected(
  { example, bySamples }: ClipScores,
  corrections: ReadonlyMap<number, RatioCorrection>,
): ClipScores {
  const scores = new Map<number, FusionScore>();
  for (const [samples, score] of bySamples) {
    const { slope, offset } = corrections.get(samples) ?? UNCORRECTED;
    scores.set(samples, {
      logLikelihoodRatio: offset + slope * score.logLikelihoodRatio,
      ratioWithoutStillness: offset + slope * score.ratioWithoutStillness,
      motionRatio: slope * score.motionRatio,
      marksRatio: score.marksRatio,
      contributions: score.contributions,
    });
  }
  return { example, bySamples: scores };
}
