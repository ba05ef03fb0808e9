import type { ChallengeAction } from '../domain/challenge.ts';
import type { Denial } from '../domain/decision.ts';
import type { DenyReason } from '../domain/deny-reasons.ts';
import { challengeOf } from '../domain/liveness.ts';
import type { Observation } from '../domain/observation.ts';
import type { QualityFault } from '../domain/quality.ts';
import { isForAMoment, tellingReasons } from './telling-reasons.ts';

/** What the page says to the person at the door, frame by frame. */
export type Advice =
  /** Nobody is there. */
  | { readonly kind: 'idle' }
  /** The gate itself cannot let anybody in now. */
  | { readonly kind: 'out-of-service'; readonly reasons: readonly DenyReason[] }
  | { readonly kind: 'one-at-a-time' }
  /** The first fault is the one to mend first. */
  | { readonly kind: 'improve'; readonly faults: readonly [QualityFault, ...QualityFault[]] }
  /** A challenge runs: the action asked for, how many are done, and all there are. */
  | {
      readonly kind: 'challenge';
      readonly action: ChallengeAction;
      readonly done: number;
      readonly total: number;
    }
  /** All is well so far; a moment more. */
  | { readonly kind: 'hold-still' }
  | { readonly kind: 'welcome'; readonly identityId: string }
  | { readonly kind: 'refused'; readonly reasons: readonly DenyReason[] };

const OF_THE_GATE: ReadonlySet<DenyReason> = new Set([
  'locked-down',
  'stage-fault',
  'stage-timeout',
  'camera-fault',
  'store-fault',
  'clock-untrusted',
  'frame-stale',
  'gallery-empty',
  'calibration-missing',
]);

/** Advice to somebody who has not been let in. `isSettled`: waiting longer will hardly help. */
export function adviceOn(
  denial: Denial,
  observation: Observation | undefined,
  isSettled: boolean,
): Advice {
  const reasons = tellingReasons(denial.reasons);
  if (reasons.some((reason) => OF_THE_GATE.has(reason))) return { kind: 'out-of-service', reasons };
  const subject = observation?.subject;
  if (subject === undefined) return { kind: 'idle' };
  if (reasons.includes('several-subjects')) return { kind: 'one-at-a-time' };
  const challenge = challengeOf(subject.liveness);
  if (challenge?.phase === 'asking') {
    // Before any fault of the picture: a head that turns as asked is turned away.
    const { action, done, total } = challenge;
    return { kind: 'challenge', action, done, total };
  }
  if (subject.quality.outcome === 'refused') {
    return { kind: 'improve', faults: subject.quality.faults };
  }
  const isWaiting = !isSettled || isForAMoment(reasons);
  return isWaiting ? { kind: 'hold-still' } : { kind: 'refused', reasons };
}
