import type { Denial } from '../domain/decision.ts';
import type { DenyReason } from '../domain/deny-reasons.ts';
import type { Observation } from '../domain/observation.ts';
import type { QualityFault } from '../domain/quality.ts';
import { tellingReasons } from './telling-reasons.ts';

/** What the page says to the person at the door, frame by frame. */
export type Advice =
  /** Nobody is there. */
  | { readonly kind: 'idle' }
  /** The gate itself cannot let anybody in now. */
  | { readonly kind: 'out-of-service'; readonly reasons: readonly DenyReason[] }
  | { readonly kind: 'one-at-a-time' }
  /** The first fault is the one to mend first. */
  | { readonly kind: 'improve'; readonly faults: readonly [QualityFault, ...QualityFault[]] }
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
const FOR_A_MOMENT: ReadonlySet<DenyReason> = new Set([
  'liveness-unproven',
  'evidence-insufficient',
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
  if (subject.quality.outcome === 'refused') {
    return { kind: 'improve', faults: subject.quality.faults };
  }
  const isWaiting = !isSettled || reasons.every((reason) => FOR_A_MOMENT.has(reason));
  return isWaiting ? { kind: 'hold-still' } : { kind: 'refused', reasons };
}
