import type { CalibrationPoint } from '../domain/calibration.ts';
import { similarity } from '../domain/units.ts';
import type { AllComparisons } from './all-comparisons.ts';
import { clopperPearson, type Interval } from './clopper-pearson.ts';
import { countAtOrAbove } from './comparison-scores.ts';
import {
  fitNonMatedTail,
  type NonMatedTail,
  resampledTailFmr,
  tailThreshold,
} from './non-mated-tail.ts';
import { resampledFmr, resampledFnmr } from './resampled-rates.ts';
import { subjectBootstrap } from './subject-bootstrap.ts';
import { thresholdAtFmr } from './threshold-at-fmr.ts';

/** A point of the curve with its intervals apart; `fmrInterval` spans both. */
export interface ReportedPoint extends CalibrationPoint {
  /** Takes comparisons as independent, so too narrow, but exact. [0, 1] where the rate is extrapolated. */
  readonly exactInterval: Interval;
  /** By resampling people. */
  readonly subjectInterval: Interval;
}

export interface CalibrationCurve {
  readonly points: readonly ReportedPoint[];
  readonly tail: NonMatedTail;
}

const TARGET_FMRS = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8] as const;
/** A rate seen in fewer comparisons than this is extrapolated, not measured. */
export const EVENTS_TO_COUNT = 10;
/** The tail is fitted on the non-mated comparisons above the threshold of this FMR... */
const TAIL_FMR = 1e-3;
/** ...or on the highest so many, where that rate leaves too few to fit. */
const TAIL_EXCESSES = 100;
const RESAMPLES = 400;
const SEED = 20_231;

/**
 * The curve of an encoder from all its comparisons: counted where at least `EVENTS_TO_COUNT` false matches
 * back the rate, from the fitted tail below that.
 * @throws PORTICO_EVALUATION_DATA when there are too few comparisons for the tail
 */
export function calibrationCurve(comparisons: AllComparisons): CalibrationCurve {
  const nonMated = Float64Array.from(comparisons.nonMated.similarity).sort();
  const tail = fitNonMatedTail(comparisons, tailStart(nonMated));
  const points: ReportedPoint[] = [];
  for (const target of TARGET_FMRS) {
    const measured = target * nonMated.length >= EVENTS_TO_COUNT;
    const threshold = measured
      ? roundedUp(thresholdAtFmr({ nonMated }, target))
      : // A law fitted above the body must never promise more than what was counted.
        Math.max(roundedUp(tailThreshold(tail, target)), (points.at(-1)?.threshold ?? -1) + 1e-6);
    points.push(
      measured
        ? measuredPoint(comparisons, nonMated, threshold)
        : extrapolatedPoint(comparisons, tail, target, threshold),
    );
  }
  return { points, tail };
}

function tailStart(nonMated: Float64Array): number {
  const share = Math.max(TAIL_FMR, TAIL_EXCESSES / nonMated.length);
  // A tenth is no tail any more; the fit then refuses what is left of it.
  return thresholdAtFmr({ nonMated }, Math.min(share, 0.1));
}

function measuredPoint(
  comparisons: AllComparisons,
  nonMated: Float64Array,
  threshold: number,
): ReportedPoint {
  const events = countAtOrAbove(nonMated, threshold);
  const exactInterval = clopperPearson(events, nonMated.length);
  const subjectInterval = resampled(comparisons, resampledFmr(comparisons, threshold));
  return {
    fmr: events / nonMated.length,
    threshold: similarity(threshold),
    fmrInterval: span(exactInterval, subjectInterval),
    ...falseNonMatches(comparisons, threshold),
    extrapolated: false,
    exactInterval,
    subjectInterval,
  };
}

function extrapolatedPoint(
  comparisons: AllComparisons,
  tail: NonMatedTail,
  fmr: number,
  threshold: number,
): ReportedPoint {
  const subjectInterval = resampled(
    comparisons,
    resampledTailFmr(comparisons, tail.from, threshold),
  );
  return {
    fmr,
    threshold: similarity(threshold),
    fmrInterval: subjectInterval,
    ...falseNonMatches(comparisons, threshold),
    extrapolated: true,
    exactInterval: [0, 1],
    subjectInterval,
  };
}

function falseNonMatches(
  comparisons: AllComparisons,
  threshold: number,
): Pick<CalibrationPoint, 'fnmr' | 'fnmrInterval'> {
  const mated = Float64Array.from(comparisons.mated.similarity).sort();
  const rejected = mated.length - countAtOrAbove(mated, threshold);
  return {
    fnmr: rejected / mated.length,
    fnmrInterval: span(
      clopperPearson(rejected, mated.length),
      resampled(comparisons, resampledFnmr(comparisons, threshold)),
    ),
  };
}

/** [0, 1], which says nothing, where no resample could be evaluated. */
function resampled(
  { people }: AllComparisons,
  statistic: (multiplicity: Uint32Array) => number,
): Interval {
  const options = { subjects: people, resamples: RESAMPLES, seed: SEED };
  const [low, high] = subjectBootstrap(statistic, options);
  return Number.isNaN(low) ? [0, 1] : [low, high];
}

const span = (left: Interval, right: Interval): Interval => [
  Math.min(left[0], right[0]),
  Math.max(left[1], right[1]),
];

/** Six decimals, upwards: a threshold loses no strictness by being written down. */
const roundedUp = (threshold: number): number => Math.ceil(threshold * 1e6) / 1e6;
