import type { RosterTrust } from '../domain/roster.ts';

/** The gate's place in a site, as far as the gate itself depends on it. */
export interface GateSite {
  /** Whom the standing of the site's roster lets in. */
  readonly rosterTrust: RosterTrust;
  isVouchedFor(identityId: string): boolean;
  /** The broker has been away for longer than a short cut. */
  readonly isAway: boolean;
  close(): Promise<void>;
}
