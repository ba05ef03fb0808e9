import type { DenyReason } from './deny-reasons.ts';
import type { Similarity } from './units.ts';

export type AccessDecision =
  | {
      readonly outcome: 'grant';
      readonly identityId: string;
      readonly similarity: Similarity;
      readonly threshold: Similarity;
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
    };
