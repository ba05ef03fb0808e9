import type { FusionPart } from './encoder-fusion.ts';
import type { Similarity } from './units.ts';

/** The present shape of `models/<id>/calibration.json`. */
export const CALIBRATION_SCHEMA_VERSION = 1;

/** Lower and upper end of a 95 % interval, both in [0, 1]. */
export type RateInterval = readonly [number, number];

/** One operating point: what accepting at `threshold` costs, per comparison. */
export interface CalibrationPoint {
  /** False match rate in (0, 1]: the part of the non-mated comparisons with similarity >= threshold. */
  readonly fmr: number;
  readonly threshold: Similarity;
  readonly fmrInterval: RateInterval;
  /** False non-match rate in [0, 1]: the part of the mated comparisons below the threshold. */
  readonly fnmr: number;
  readonly fnmrInterval: RateInterval;
  /** True where the rate comes from a fitted tail, because the data has too few trials to count it. */
  readonly extrapolated: boolean;
}

/** What the curve was measured on. */
export interface CalibrationData {
  readonly name: string;
  /** People. */
  readonly subjects: number;
  /** Pictures. */
  readonly samples: number;
  readonly matedTrials: number;
  readonly nonMatedTrials: number;
}

/**
 * Error rates of one encoder against the threshold: the only source of thresholds.
 * Points are ordered from lenient to strict: `fmr` strictly falls, `threshold` strictly rises.
 */
export interface Calibration {
  readonly schemaVersion: typeof CALIBRATION_SCHEMA_VERSION;
  /** The encoder, as in its manifest; no other encoder may use this curve. */
  readonly modelId: string;
  /** Length of that encoder's embedding. */
  readonly dimension: number;
  /** Day of the measurement, YYYY-MM-DD. */
  readonly date: string;
  readonly data: CalibrationData;
  /** Of a fused encoder alone: what it is made of, in the order of its id. */
  readonly fusion?: readonly FusionPart[];
  readonly direction: 'higher-is-more-alike';
  readonly points: readonly CalibrationPoint[];
  /** What the data can and cannot support, in sentences for the reader of a report. */
  readonly claims: readonly string[];
}
