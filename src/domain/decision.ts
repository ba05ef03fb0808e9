import type { DenyReason } from './deny-reasons.ts';
import type { MonotonicMs, Similarity } from './units.ts';

export type AccessDecision =
  | {
      readonly outcome: 'grant';
      readonly identityId: string;
      readonly similarity: Similarity;
      readonly threshold: Similarity;
      /** The encoder that compared. */
      readonly modelId: string;
      /** Capture of the newest frame behind the grant: the door refuses one that has grown old. */
      readonly capturedAtMs: MonotonicMs;
      /** The operator's own words when the policy does without liveness; shown wherever the grant is. */
      readonly livenessWaiver?: string;
    }
  | {
      readonly outcome: 'deny';
      /** Most severe first. */
      readonly reasons: readonly [DenyReason, ...DenyReason[]];
      /** Best similarity and the threshold it was held against, when a comparison took place. */
      readonly similarity?: Similarity;
      readonly threshold?: Similarity;
      readonly modelId?: string;
    };

/** What the door takes; a deny cannot be handed to it. */
export type Grant = Extract<AccessDecision, { outcome: 'grant' }>;
export type Denial = Extract<AccessDecision, { outcome: 'deny' }>;
