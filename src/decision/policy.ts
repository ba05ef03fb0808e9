import type { Calibration } from '../domain/calibration.ts';
import type { ChallengeRule } from '../domain/challenge.ts';
import { ALWAYS, type SiteHours } from './schedule.ts';

/**
 * Whether a living person must be shown. A waiver carries the operator's own reason, and that
 * text stands in every grant and every event until it is taken back.
 */
export type LivenessPolicy =
  | { readonly kind: 'required'; readonly challenge: ChallengeRule }
  | { readonly kind: 'waived'; readonly because: string };

/** How the frames of one track become one piece of evidence. */
export interface TrackPolicy {
  /** Probes kept at most, 1 to 32; the mean of more hardly improves and costs memory. */
  readonly capacity: number;
  /** A probe older than this, against the track's newest frame, counts no more. */
  readonly windowMs: number;
  /** A track unseen for longer than this starts again from nothing. */
  readonly maxGapMs: number;
  /**
   * Any two frames of a track must be the same person at this false match rate per comparison; the
   * encoder's calibration turns it into a similarity. One that is not restarts the track's evidence.
   */
  readonly agreementFmr: number;
}

/** What the gate demands before it opens; plain data, as the configuration states it. */
export interface Policy {
  readonly liveness: LivenessPolicy;
  /** One per encoder that may decide; an encoder without a curve opens for nobody. */
  readonly calibrations: readonly Calibration[];
  /** 1:N: the probability, per search, that a stranger is taken for somebody enrolled. */
  readonly targetFpir: number;
  /** 1:1: the probability, per claim, that a stranger is taken for the person he claims to be. */
  readonly targetClaimFpr: number;
  /** The best person must exceed the second-best by this much similarity, in [0, 1]. */
  readonly minMargin: number;
  readonly minGoodFrames: number;
  /** The good frames must reach over at least this time: a burst of copies is one look. */
  readonly minSpanMs: number;
  /** Neither the present frame nor the newest good one may be older. */
  readonly maxFrameAgeMs: number;
  /**
   * While the time of day is not trusted: nobody, or those whose schedule is 'always' and whose
   * access has no dates (nothing about them depends on the time).
   */
  readonly untrustedClock: 'deny' | 'admit-always';
  readonly track: TrackPolicy;
  readonly hours: SiteHours;
}

/**
 * Production defaults: liveness required, one stranger in a thousand searches, everybody at all
 * hours. Without calibrations it opens for nobody.
 */
export const defaultPolicy: Policy = {
  liveness: { kind: 'required', challenge: 'when-undecided' },
  calibrations: [],
  targetFpir: 1e-3,
  targetClaimFpr: 1e-3,
  minMargin: 0.05,
  minGoodFrames: 3,
  minSpanMs: 200,
  maxFrameAgeMs: 1_000,
  untrustedClock: 'deny',
  track: { capacity: 8, windowMs: 4_000, maxGapMs: 1_000, agreementFmr: 1e-3 },
  hours: { timeZone: 'UTC', schedules: {}, defaultScheduleId: ALWAYS, holidays: {} },
};
