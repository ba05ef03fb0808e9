import type { WallMs } from '../domain/units.ts';
import type { Role } from '../messaging/site/trust-list.ts';
import type { GateCard } from '../office/gate-board.ts';
import type { ChainStanding, EventRow } from './event-log.ts';
import type { OrderReport } from './order-desk.ts';

/** Whether the broker is reached, and why not. */
export interface Connection {
  readonly state: 'up' | 'down';
  readonly detail: string;
}

/** How much of the roster is here. */
export interface RosterReport {
  readonly revision: number;
  readonly total: number;
  /** While loading: how many records were read. */
  readonly read?: number;
  /** Records that this seat cannot open or does not believe. */
  readonly unreadable?: number;
  /**
   * 'incomplete': the broker does not have all that the newest head vouches for.
   * 'unreadable': an auditor's seat, which holds no key to it.
   */
  readonly standing: 'loading' | 'complete' | 'incomplete' | 'unreadable';
}

/** An event with the name of the person that it is about, where this desk may know it. */
export interface NamedEvent extends EventRow {
  readonly name?: string;
}

/** What a page must know before anything else. */
export interface Snapshot {
  readonly kind: 'snapshot';
  readonly site: string;
  readonly wallMs: WallMs;
  readonly roles: readonly Role[];
  readonly connection: Connection;
  readonly roster: RosterReport;
  readonly gates: readonly GateCard[];
  /** The newest first. */
  readonly events: readonly NamedEvent[];
  readonly chains: readonly ChainStanding[];
}

/** Everything that the console tells its pages without being asked. */
export type ConsoleNews =
  | Snapshot
  /** A sign of life. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'connection'; readonly connection: Connection }
  | { readonly kind: 'roster'; readonly roster: RosterReport }
  | { readonly kind: 'gate'; readonly gate: GateCard }
  | { readonly kind: 'event'; readonly event: NamedEvent; readonly chain: ChainStanding }
  | { readonly kind: 'order'; readonly report: OrderReport };
