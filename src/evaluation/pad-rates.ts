import type { FusionRate, FusionRates, HorizonWeights } from '../domain/liveness-fusion.ts';
import { areaUnderRoc } from './area-under-roc.ts';
import type { ClipScores } from './pad-score.ts';
import {
  BONA_FIDE,
  type Proportion,
  presentationAttackRates,
} from './presentation-attack-rates.ts';

/** The moments at which the fusion is judged, from the start of a track. */
export const SECONDS = [1, 2, 4, 10] as const;
/** One frame of the source clips (40 ms) and its rounding: a key frame may be that late. */
const SLACK_MS = 50;

const statedRate = ({ rate, interval, trials }: Proportion): FusionRate => ({
  rate,
  interval,
  trials,
});

/** Key frames that a clip has by that moment. */
export function samplesBy({ example }: ClipScores, seconds: number): number {
  return example.keyFrameTimesMs.filter((atMs) => atMs <= 1000 * seconds + SLACK_MS).length;
}

/**
 * AUC, BPCER and APCER of the fusion at one moment, each clip held against the threshold of its own
 * number of key frames.
 * @throws PORTICO_EVALUATION_DATA unless there are bona fide clips and attacks
 */
export function padRatesAt(
  clips: readonly ClipScores[],
  horizons: readonly Pick<HorizonWeights, 'samples' | 'threshold'>[],
  seconds: number,
): FusionRates {
  const judged = clips.map((clip) => {
    const samples = samplesBy(clip, seconds);
    const horizon = horizons.findLast((candidate) => candidate.samples <= samples);
    const score = horizon === undefined ? undefined : clip.bySamples.get(horizon.samples);
    const threshold = horizon?.threshold ?? Number.POSITIVE_INFINITY;
    // A clip too short to be scored has proved nothing.
    const ratio = score?.logLikelihoodRatio ?? Number.NEGATIVE_INFINITY;
    return { kind: clip.example.species, ratio, judgedBonaFide: ratio >= threshold };
  });
  const { bpcer, apcer } = presentationAttackRates(judged);
  const ratiosOf = (isBonaFide: boolean): readonly number[] =>
    judged.flatMap(({ kind, ratio }) => ((kind === BONA_FIDE) === isBonaFide ? [ratio] : []));
  return {
    seconds,
    auc: areaUnderRoc(ratiosOf(true), ratiosOf(false)),
    bpcer: statedRate(bpcer),
    apcer: Object.fromEntries(
      Object.entries(apcer).map(([species, proportion]) => [species, statedRate(proportion)]),
    ),
  };
}
