import type { RosterChange, RosterMark } from '../../domain/roster.ts';
import type { WallMs } from '../../domain/units.ts';
import type { RosterStanding } from '../../roster/roster-standing.ts';
import type { CommandResult, Order } from '../documents/command-document.ts';

/** An event as it waits in the outbox. */
export interface WaitingEvent {
  readonly number: number;
  readonly record: string;
  readonly previousHash: Uint8Array;
  readonly hash: Uint8Array;
}

/** A sealed picture as it waits; `number`: of the event that announced it. */
export interface WaitingPicture {
  readonly number: number;
  readonly digest: string;
  readonly sealed: string;
  readonly expiresAtMs: WallMs;
}

/** Sealed pictures beside the outbox. What a method returned from is durable. */
export interface PictureStore {
  /** With the event that announces it: both, or neither. */
  keep(picture: Omit<WaitingPicture, 'number'> & { readonly of: number }): unknown;
  after(number: number, limit: number): readonly WaitingPicture[];
  forget(digests: readonly string[]): void;
  expire(now: WallMs): void;
  clear(): void;
  readonly count: number;
}

/** What the link needs of the gate's store. What a method returned from is durable. */
export interface SiteStore {
  applyRoster(changes: readonly RosterChange[]): unknown;
  rosterMarks(): readonly RosterMark[];
  vouchForRoster(): void;
  forgetRosterDigests(): void;
  setting(name: string): string | undefined;
  setSetting(name: string, value: string): void;
  commandSeen(nonce: string, expiresAtMs: WallMs): 'first-seen' | 'replayed';
  outboxRecordsAfter(number: number, limit: number): readonly WaitingEvent[];
  outboxRange(): { readonly acknowledged: number; readonly last: number };
  acknowledgeUpTo(number: number): void;
  readonly pictures: PictureStore;
}

/** Who gave an order: for the event and the log. */
export interface OrderOrigin {
  readonly nonce: string;
  /** Key of the administrator. */
  readonly kid: string;
}

/** `sync` is done by the link itself. */
export type SiteOrder = Exclude<Order, { name: 'sync' }>;

/**
 * Obeys orders. Each reaches it once, in time, from someone entitled to give it.
 */
export interface CommandHandler {
  handle(order: SiteOrder, origin: OrderOrigin): Promise<CommandResult>;
}

/** What the gate may want to know of its link. */
export interface SiteLinkListener {
  onUp?(): void;
  /** Also for every attempt that failed. `isRefused`: the broker does not want us. */
  onDown?(detail: string, isRefused: boolean): void;
  onStanding?(standing: RosterStanding): void;
  /** Changes of people, already durable. */
  onRosterChange?(changes: readonly RosterChange[]): void;
  /** The store failed while the link used it; nothing was acknowledged. */
  onStoreFault?(error: unknown): void;
}
