import type { RateInterval } from './calibration.ts';

/** The present shape of `models/liveness-fusion/weights.json`. */
export const LIVENESS_FUSION_SCHEMA_VERSION = 2;

/** Tells a bona fide presentation from one species of attack. */
export interface SpeciesWeights {
  readonly species: string;
  readonly intercept: number;
  /** One per cue, in the order of `LivenessFusion.cues`. */
  readonly weights: readonly number[];
}

/** What was fitted for tracks of one length. */
export interface HorizonWeights {
  /** Key frames of the track, >= 2. */
  readonly samples: number;
  /** Mean and standard deviation of each cue, every class and species counting alike. */
  readonly centres: readonly number[];
  readonly scales: readonly number[];
  readonly species: readonly SpeciesWeights[];
  /** Makes log-likelihood ratios of the mixture's score: ratio = offset + slope * score. */
  readonly slope: number;
  readonly offset: number;
  /** Ratio that leaves at most 5 % of the bona fide clips below it, people left out. */
  readonly threshold: number;
}

/** The ratios at which the sequential test stops. */
export interface LivenessBounds {
  readonly bonaFide: number;
  readonly attack: number;
  /** What the motion cues must reach for a bona fide finding, whatever the others say. */
  readonly motion: number;
  /** Key frames before anything is decided: two are one single motion, which chance makes too. */
  readonly fewestSamples: number;
}

/**
 * Tells a person from a picture by what the pixels show, fitted on generated clips: a means of testing,
 * no proof. Counts against a track only, and refuses nobody.
 */
export interface MarkWeights {
  readonly data: {
    readonly name: string;
    readonly persons: number;
    readonly clips: number;
    readonly seed: number;
  };
  readonly cues: readonly string[];
  readonly cueLimit: number;
  readonly penalty: number;
  readonly centres: readonly number[];
  readonly scales: readonly number[];
  readonly species: readonly SpeciesWeights[];
  readonly slope: number;
  readonly offset: number;
  /** Area under the curve against each species, people left out. */
  readonly aucs: Readonly<Record<string, number>>;
}

export interface FusionRate {
  readonly rate: number;
  readonly interval: RateInterval;
  /** Clips that were judged. */
  readonly trials: number;
}

/** Rates at one horizon with people left out, at that horizon's threshold. */
export interface FusionRates {
  readonly seconds: number;
  readonly auc: number;
  readonly bpcer: FusionRate;
  readonly apcer: Readonly<Record<string, FusionRate>>;
}

/** Fitted weights of the liveness fusion; never edited by hand. */
export interface LivenessFusion {
  readonly schemaVersion: typeof LIVENESS_FUSION_SCHEMA_VERSION;
  /** Day of the fit, YYYY-MM-DD. */
  readonly date: string;
  readonly data: { readonly name: string; readonly persons: number; readonly clips: number };
  /** Time between key frames that the weights hold for. */
  readonly cadenceMs: number;
  readonly cues: readonly string[];
  /** A standardised cue counts no further than this, either way. */
  readonly cueLimit: number;
  readonly penalty: number;
  /** Ascending in `samples`, without gaps. */
  readonly horizons: readonly HorizonWeights[];
  readonly bounds: LivenessBounds;
  /** Absent: the pixels are not looked at. */
  readonly marks?: MarkWeights;
  readonly crossValidated: readonly FusionRates[];
}
