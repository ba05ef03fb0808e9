import type { RosterTrust } from '../domain/roster.ts';
import type { MonotonicMs, WallMs } from '../domain/units.ts';
import type { RosterHead } from './roster-documents.ts';

/** How long a gate is content without news. */
export interface RosterTrustPolicy {
  /** After so long without reaching the head, the roster is called incomplete and a fault is raised. */
  readonly incompleteAfterMs: number;
  /** More time for each person that was missing when records and head began to differ. */
  readonly perMissingPersonMs: number;
  /** After a head's end of validity by so much, a gate should admit nobody; absent: never. */
  readonly expireAfterMs?: number;
}

export const ROSTER_TRUST_DEFAULTS: RosterTrustPolicy = {
  incompleteAfterMs: 30_000,
  perMissingPersonMs: 20,
};

/**
 * How far the roster may be believed.
 * - `unheaded`: no head has ever come; what is here is local or unconfirmed
 * - `catching-up`: records are on their way, not yet for long
 * - `current`: exactly what the head vouches for, and the head is valid
 * - `incomplete`: something is withheld, or was lost
 * - `stale`: complete, but the head's validity has ended: a deletion may be withheld
 * - `expired`: stale for longer than the policy allows
 */
export type RosterStanding =
  | 'unheaded'
  | 'catching-up'
  | 'current'
  | 'incomplete'
  | 'stale'
  | 'expired';

export interface StandingEvidence {
  readonly head: RosterHead | undefined;
  readonly matchesHead: boolean;
  /** Since when records and head have differed. */
  readonly differsSinceMs: MonotonicMs;
  /** How many people fewer than the head's were here then. */
  readonly missingAtFirst: number;
  readonly now: MonotonicMs;
  readonly wall: WallMs;
}

/** Pure: the standing that the evidence amounts to; the most severe one wins. */
export function rosterStanding(
  evidence: StandingEvidence,
  policy: RosterTrustPolicy = ROSTER_TRUST_DEFAULTS,
): RosterStanding {
  const { head } = evidence;
  if (head === undefined) return 'unheaded';
  const overdueMs = evidence.wall - head.validUntilMs;
  if (policy.expireAfterMs !== undefined && overdueMs >= policy.expireAfterMs) return 'expired';
  if (!evidence.matchesHead) {
    const differsForMs = evidence.now - evidence.differsSinceMs;
    const patienceMs =
      policy.incompleteAfterMs + evidence.missingAtFirst * policy.perMissingPersonMs;
    if (differsForMs >= patienceMs) return 'incomplete';
    // A record that comes while the head is out of date must not bring trust back, not even for a moment.
    return overdueMs >= 0 ? 'stale' : 'catching-up';
  }
  return overdueMs >= 0 ? 'stale' : 'current';
}

/**
 * What a standing asks of the access policy. Narrowed, a gate goes on admitting whom a valid head
 * vouched for, and nobody whose record came since: a broker that withholds heads cannot bring in
 * anybody new. `catching-up` is a matter of seconds and narrows nothing.
 */
export function rosterTrust(standing: RosterStanding): RosterTrust {
  switch (standing) {
    case 'unheaded':
    case 'catching-up':
    case 'current':
      return 'everybody';
    case 'incomplete':
    case 'stale':
      return 'people-known-before';
    case 'expired':
      return 'nobody';
  }
}
