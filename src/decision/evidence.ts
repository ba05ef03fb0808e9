import type { LivenessAssessment } from '../domain/liveness.ts';
import type { SearchResult } from '../domain/match.ts';
import type { QualityAssessment } from '../domain/quality.ts';
import type { RosterTrust } from '../domain/roster.ts';
import type { MonotonicMs, Similarity, WallMs } from '../domain/units.ts';
import type { ChallengeStanding } from './challenge-desk.ts';

/** The moment of deciding on both clocks; the wall clock serves hours and validity only. */
export interface Moment {
  readonly monotonicMs: MonotonicMs;
  readonly wallMs: WallMs;
}

/** Whose face it is about; 'rival' means that another face is nearly as large. */
export type SubjectEvidence =
  | { readonly kind: 'none' }
  | { readonly kind: 'rival' }
  | { readonly kind: 'one'; readonly trackId: number };

/** What the frames of one track add up to. */
export interface TrackSummary {
  readonly trackId: number;
  readonly modelId: string;
  /** Frames that passed the quality gate and stand behind the fused probe. */
  readonly goodFrames: number;
  readonly oldestAtMs: MonotonicMs;
  readonly newestAtMs: MonotonicMs;
  /** The lowest similarity between any two of those frames; 1 for a single frame. */
  readonly weakestPair: Similarity;
}

/**
 * The outcome of comparing the fused probe: with everybody (1:N), or with the templates of the one
 * person whom a badge, a code or a message claims (1:1; then the search holds that person alone).
 */
export type Comparison =
  | { readonly kind: 'identification'; readonly search: SearchResult }
  | {
      readonly kind: 'verification';
      readonly claimedIdentityId: string;
      readonly search: SearchResult;
    };

/** What the gate knows of itself. Whatever it does not know stays undefined. */
export interface GateHealth {
  readonly lockDown?: 'in-force' | 'lifted' | undefined;
  readonly camera?: 'delivering' | 'fault' | undefined;
  readonly stages?: 'completed' | 'fault' | 'timeout' | undefined;
  readonly store?: 'trusted' | 'fault' | undefined;
  readonly clock?: 'trusted' | 'untrusted' | undefined;
  /** Everybody, where the gate belongs to no site. */
  readonly roster?: RosterTrust | undefined;
}

/**
 * All that speaks for opening at one moment. Every field may be missing; a missing one never
 * counts in favour of anybody.
 */
export interface Evidence extends GateHealth {
  /** Capture of the frame that this decision is about. */
  readonly frameAtMs?: MonotonicMs | undefined;
  readonly subject?: SubjectEvidence | undefined;
  /** Of that frame. */
  readonly quality?: QualityAssessment | undefined;
  /** Whether this track has been given all the challenges it gets. */
  readonly challenge?: ChallengeStanding | undefined;
  /** Of the track. */
  readonly liveness?: LivenessAssessment | undefined;
  readonly track?: TrackSummary | undefined;
  readonly comparison?: Comparison | undefined;
  /** The most similar person, if a complete and valid head of the roster has covered them. */
  readonly vouchedForId?: string | undefined;
}
