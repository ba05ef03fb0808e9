import { createHash } from 'node:crypto';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { OutgoingMessage } from '../broker/broker-link.ts';
import {
  type EventDocument,
  eventDocumentSchema,
  type ReceiptDocument,
} from '../documents/event-document.ts';
import { signDocument, verifyDocument } from '../envelope/signing.ts';
import { textOf } from '../roster/read-roster.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import type { SiteTopics } from '../topics.ts';
import type { PictureArchive } from './picture-follower.ts';
import type { SeatKeys } from './seat-keys.ts';

/** Where a gate's numbering stands in the archive. */
export interface ArchivePosition {
  readonly streamId: string;
  readonly number: number;
  /** Of that event, base64url. */
  readonly hash: string;
}

/** Where events are kept for good. What `append` resolved for is durable. */
export interface EventArchive {
  position(gateId: string): Promise<ArchivePosition | undefined>;
  /** @param signed  the gate's signature round it, as it came */
  append(event: EventDocument, signed: string): Promise<void>;
}

/**
 * How an event fits what was archived before. `gap`: events are missing and the gate was asked for
 * them. `after-loss`: asked twice, the gate has nothing older, so what is missing is gone.
 * `broken-chain`: the hashes do not follow one another, so a record was altered on the gate.
 */
export type EventFit =
  | 'next'
  | 'first'
  | 'new-stream'
  | 'duplicate'
  | 'gap'
  | 'after-loss'
  | 'broken-chain';

export interface FollowerListener {
  /** Archived by now, except for duplicates and gaps. */
  onEvent(event: EventDocument, fit: EventFit): void;
}

export interface FollowOptions {
  /** False: only look on, and let another auditor give receipts. */
  readonly givesReceipts?: boolean;
  /** Where pictures are kept; absent: none are asked for. */
  readonly pictures?: PictureArchive | undefined;
}

export interface FollowerParts {
  readonly site: string;
  readonly topics: SiteTopics;
  readonly keys: SeatKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly archive: EventArchive;
  readonly listener: FollowerListener;
  /** False: only look on, and let another auditor give receipts. */
  readonly givesReceipts: boolean;
  readonly publish: (message: OutgoingMessage) => void;
}

/** A gate is asked for missing events no more often than this. */
const RESEND_PAUSE_MS = 5_000;
/** Receipts are gathered for so long. */
const RECEIPT_PAUSE_MS = 200;

interface Followed {
  position: ArchivePosition | undefined;
  askedAtMs: number;
  /** Times that the gate was asked for what is missing now. */
  asked: number;
  /** Lowest number seen beyond the gap. */
  beyondGap: number;
  isReceiptDue: boolean;
}

/** Takes every gate's events into an archive, once each and in order, and tells the gate so. */
export class EventFollower {
  readonly #parts: FollowerParts;
  readonly #gates = new Map<string, Promise<Followed>>();
  readonly #lines = new Map<string, Promise<void>>();
  #newestReceiptMs = 0;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  /** Asks every gate for what came after the archive's end. */
  async begin(gateIds: readonly string[]): Promise<void> {
    for (const gateId of gateIds) await this.#giveReceipt(gateId, await this.#gate(gateId), true);
  }

  /** Events of one gate are taken one after another. */
  take(gateId: string, payload: Uint8Array): Promise<void> {
    const line = (this.#lines.get(gateId) ?? Promise.resolve()).then(() =>
      this.#take(gateId, payload),
    );
    this.#lines.set(
      gateId,
      line.catch(() => undefined),
    );
    return line;
  }

  /** Resolves when the events of a gate that came so far are in the archive. */
  async settled(gateId: string): Promise<void> {
    await this.#lines.get(gateId);
  }

  async #take(gateId: string, payload: Uint8Array): Promise<void> {
    const { site, keys, logger, archive, listener } = this.#parts;
    if (payload.length > SIZE_LIMITS.event) return;
    const signed = textOf(payload);
    const verified = await verifyDocument(signed, {
      kind: 'event',
      schema: eventDocumentSchema,
      keyOf: keys.trust.gateLookup(gateId),
    });
    const isForeign =
      verified.outcome === 'verified' &&
      (verified.document.site !== site || verified.document.gateId !== gateId);
    if (verified.outcome === 'refused' || isForeign) {
      const reason = verified.outcome === 'refused' ? verified.reason : 'foreign-site';
      logger.warn({ event: 'site.event-refused', gateId, reason }, 'an event was not believed');
      return;
    }
    const event = verified.document;
    const gate = await this.#gate(gateId);
    const fit = this.#fitOf(gate, event);
    if (fit === 'gap') await this.#askAgain(gateId, gate, event.number);
    else if (fit !== 'duplicate') {
      await archive.append(event, signed);
      gate.position = { streamId: event.streamId, number: event.number, hash: event.hash };
      gate.asked = 0;
      gate.beyondGap = Number.POSITIVE_INFINITY;
    }
    listener.onEvent(event, fit);
    if (fit !== 'gap') this.#scheduleReceipt(gateId, gate);
  }

  /** What comes again as the oldest after it was asked for is the oldest that there is. */
  #fitOf({ position, asked, beyondGap }: Followed, event: EventDocument): EventFit {
    const bare = fitOf(position, event);
    const isOldest = event.number === beyondGap;
    if (bare === 'gap') return isOldest && asked >= 2 ? 'after-loss' : bare;
    // What happens just now may come before the answer to the question that an empty archive begins with.
    const mayBeFirst = event.number === 1 || (isOldest && asked >= 1) || !this.#parts.givesReceipts;
    return bare === 'first' && !mayBeFirst ? 'gap' : bare;
  }

  #gate(gateId: string): Promise<Followed> {
    const known = this.#gates.get(gateId);
    if (known !== undefined) return known;
    const opened = this.#parts.archive.position(gateId).then((position) => ({
      position,
      askedAtMs: Number.NEGATIVE_INFINITY,
      asked: 0,
      beyondGap: Number.POSITIVE_INFINITY,
      isReceiptDue: false,
    }));
    this.#gates.set(gateId, opened);
    return opened;
  }

  async #askAgain(gateId: string, gate: Followed, number: number): Promise<void> {
    gate.beyondGap = Math.min(gate.beyondGap, number);
    const now = this.#parts.clock.now();
    if (now - gate.askedAtMs < RESEND_PAUSE_MS) return;
    gate.askedAtMs = now;
    gate.asked += 1;
    await this.#giveReceipt(gateId, gate, true);
  }

  #scheduleReceipt(gateId: string, gate: Followed): void {
    if (gate.isReceiptDue) return;
    gate.isReceiptDue = true;
    this.#parts.clock.after(RECEIPT_PAUSE_MS, () => {
      gate.isReceiptDue = false;
      void this.#giveReceipt(gateId, gate, false);
    });
  }

  async #giveReceipt(gateId: string, gate: Followed, resend: boolean): Promise<void> {
    const { givesReceipts, site, clock, keys, topics, publish } = this.#parts;
    if (!givesReceipts || (gate.position === undefined && !resend)) return;
    // A gate takes each key's receipts in the order of their issue only.
    this.#newestReceiptMs = Math.max(this.#newestReceiptMs + 1, clock.wall());
    const document: ReceiptDocument = {
      schemaVersion: 1,
      kind: 'receipt',
      site,
      gateId,
      ...(gate.position === undefined ? {} : { streamId: gate.position.streamId }),
      upTo: gate.position?.number ?? 0,
      resend,
      issuedAtMs: this.#newestReceiptMs,
    };
    const payload = await signDocument('receipt', document, keys.signer);
    publish({ topic: topics.gate(gateId).receipt, payload, isRetained: !resend });
  }
}

function fitOf(position: ArchivePosition | undefined, event: EventDocument): EventFit {
  if (!isLinked(event)) return 'broken-chain';
  if (position === undefined) return 'first';
  if (position.streamId !== event.streamId) return 'new-stream';
  if (event.number <= position.number) return 'duplicate';
  if (event.number > position.number + 1) return 'gap';
  return event.previousHash === position.hash ? 'next' : 'broken-chain';
}

/** Whether the event's hash is that of its record and of the hash before. */
export function isLinked({ record, previousHash, hash }: EventDocument): boolean {
  const computed = createHash('sha256')
    .update(Buffer.from(previousHash, 'base64url'))
    .update(record, 'utf8')
    .digest('base64url');
  return computed === hash;
}
