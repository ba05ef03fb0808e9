import type { AccessDecision, Denial } from '../domain/decision.ts';
import type { DenyReason } from '../domain/deny-reasons.ts';

/** What speaks against letting somebody in, and not against taking their picture in. */
const ABOUT_WHO_IT_IS: ReadonlySet<DenyReason> = new Set([
  'locked-down',
  'clock-untrusted',
  'gallery-empty',
  'calibration-missing',
  'no-match',
  'ambiguous-match',
  'claim-contradicted',
  'roster-unconfirmed',
  'not-yet-valid',
  'no-longer-valid',
  'outside-hours',
]);

/**
 * What stands against enrolling whoever stands there: what stands against opening the door to them, but for
 * who they are. Life, quality, number and agreement of the frames are the same demands.
 * @returns undefined when nothing does
 */
export function captureObstacles(decision: AccessDecision): Denial | undefined {
  if (decision.outcome === 'grant') return undefined;
  const [first, ...rest] = decision.reasons.filter((reason) => !ABOUT_WHO_IT_IS.has(reason));
  return first === undefined ? undefined : { outcome: 'deny', reasons: [first, ...rest] };
}
