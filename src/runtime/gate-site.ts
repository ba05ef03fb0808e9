import type { RosterTrust } from '../domain/roster.ts';
import type { RosterStanding } from '../roster/roster-standing.ts';

/** How the gate stands with its site, for whoever is at the gate's own machine. */
export interface SiteSummary {
  readonly site: string;
  readonly gateId: string;
  readonly isConnected: boolean;
  /** Since the broker was last heard; absent: not since the start. */
  readonly heardAgoMs?: number;
  readonly standing: RosterStanding;
  /** Of the newest head; 0: none. */
  readonly epoch: number;
  /** That came over the site. */
  readonly people: number;
  /** Of encoders that this gate does not run. */
  readonly ignoredTemplates: number;
  /** Events that nobody has taken into safe keeping yet. */
  readonly waitingEvents: number;
  /** Messages not obeyed, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Absent where no pictures of events are made. */
  readonly pictures?: {
    /** That no auditor has taken yet. */
    readonly waiting: number;
    /** Not kept, by reason. */
    readonly lost: Readonly<Record<string, number>>;
  };
}

/** The gate's place in a site, as far as the gate itself depends on it. */
export interface GateSite {
  /** Whom the standing of the site's roster lets in. */
  readonly rosterTrust: RosterTrust;
  summary(): SiteSummary;
  isVouchedFor(identityId: string): boolean;
  /** The broker has been away for longer than a short cut. */
  readonly isAway: boolean;
  close(): Promise<void>;
}
