import type { LivenessBounds, LivenessFusion } from '../domain/liveness-fusion.ts';
import type { Interval } from './clopper-pearson.ts';
import { padExample } from './pad-examples.ts';
import { crossValidate, type OperatingPoint } from './pad-fit.ts';
import { padOperatingPoint } from './pad-operating-point.ts';
import { padRatesAt, SECONDS, samplesBy } from './pad-rates.ts';
import { type ClipScores, scoreClip } from './pad-score.ts';
import { type SequentialOutcomes, sequentialOutcomes } from './pad-sequential.ts';
import { type PadTrack, readPadTracks } from './pad-tracks.ts';

export interface RateWithInterval {
  readonly rate: number;
  /** Exact, 95 %. */
  readonly interval: Interval;
  /** Clips that were judged. */
  readonly trials: number;
}

/** How well the fusion separates at one moment of a track. */
export interface PadRates {
  readonly auc: number;
  readonly bpcer: RateWithInterval;
  /** Per species, worst first. */
  readonly apcer: Readonly<Record<string, RateWithInterval>>;
}

export interface PadRatesAtMoment extends PadRates {
  /** The same with the threshold chosen on these very clips, so that BPCER <= 5 %: for comparison only. */
  readonly atBpcer5: Omit<PadRates, 'auc'>;
  /** What the door's sequential test has said by then, per kind; undecided means a challenge. */
  readonly sequential: Readonly<Record<string, SequentialOutcomes>>;
}

/** The stable result of `portico evaluate pad --json`; others script against it. */
export interface PadReport extends PadRates {
  readonly clips: number;
  readonly persons: number;
  /** 'shipped': weights as they are; 'left-out': every person scored by weights fitted without him. */
  readonly weights: 'shipped' | 'left-out';
  /** Keys '1', '2', '4' and '10'; the headline rates are those of '10'. */
  readonly atSeconds: Readonly<Record<string, PadRatesAtMoment>>;
}

export interface EvaluatePadOptions {
  readonly fusion: LivenessFusion;
  /** Fit anew for each person on all the others instead of using the shipped weights. */
  readonly crossValidate?: boolean;
}

/**
 * Measures the liveness fusion on a file of tracks.
 * @throws PORTICO_EVALUATION_DATA for a faulty file, or without bona fide clips and attacks
 */
export async function evaluatePad(
  tracksFile: string,
  options: EvaluatePadOptions,
): Promise<PadReport> {
  return padReport(await readPadTracks(tracksFile), options);
}

/** The same for tracks already in memory, such as those made from folders of frames. */
export function padReport(tracks: readonly PadTrack[], options: EvaluatePadOptions): PadReport {
  if (options.crossValidate === true) {
    const { leftOut, operating, bounds } = crossValidate(tracks.map(padExample));
    return reportOf(leftOut, { horizons: operating, bounds }, 'left-out');
  }
  const { horizons, cueLimit } = options.fusion;
  const clips = tracks.map((track) => scoreClip(padExample(track), horizons, cueLimit));
  return reportOf(clips, options.fusion, 'shipped');
}

/** What the clips are held against. */
interface Judge {
  readonly horizons: readonly Pick<OperatingPoint, 'samples' | 'threshold'>[];
  readonly bounds: LivenessBounds;
}

function reportOf(
  clips: readonly ClipScores[],
  { horizons, bounds }: Judge,
  weights: PadReport['weights'],
): PadReport {
  const ownHorizons = horizons.flatMap(({ samples }) => {
    const threshold = padOperatingPoint(clips, samples);
    return threshold === undefined ? [] : [{ samples, threshold }];
  });
  const moments = SECONDS.map((seconds): readonly [number, PadRatesAtMoment] => {
    const { auc, bpcer, apcer } = padRatesAt(clips, horizons, seconds);
    const own = padRatesAt(clips, ownHorizons, seconds);
    return [
      seconds,
      {
        auc,
        bpcer,
        apcer,
        atBpcer5: { bpcer: own.bpcer, apcer: own.apcer },
        sequential: sequentialOutcomes(clips, bounds, (clip) => samplesBy(clip, seconds)),
      },
    ];
  });
  const last = padRatesAt(clips, horizons, Math.max(...SECONDS));
  return {
    clips: clips.length,
    persons: new Set(clips.map(({ example }) => example.person)).size,
    weights,
    auc: last.auc,
    bpcer: last.bpcer,
    apcer: last.apcer,
    atSeconds: Object.fromEntries(moments.map(([seconds, rates]) => [String(seconds), rates])),
  };
}
