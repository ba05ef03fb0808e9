import { randomBytes } from 'node:crypto';
import type { Cancel, Clock } from '../../domain/ports/clock.ts';
import type { BrokerLink } from '../broker/broker-link.ts';
import {
  type EventDocument,
  receiptDocumentSchema,
  streamIdSchema,
} from '../documents/event-document.ts';
import { signDocument } from '../envelope/signing.ts';
import { type MessageRefusal, type Refused, refusedFor } from '../refusal.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import type { SiteLinkListener, SiteStore, WaitingEvent } from './gate-ports.ts';
import { NewestIssues } from './newest-issues.ts';
import type { SiteKeys } from './site-keys.ts';
import { verifyReceipt } from './verify-receipt.ts';

/**
 * When the gate may forget an event. `receipt`: when an auditor has signed that it is in safe keeping;
 * survives a broker that loses its database. `broker`: when the broker took it and has a subscriber.
 */
export type EventAcknowledgement = 'receipt' | 'broker';

export interface EventPublisherParts {
  readonly site: string;
  readonly gateId: string;
  readonly topic: string;
  readonly acknowledgement: EventAcknowledgement;
  readonly store: SiteStore;
  readonly keys: SiteKeys;
  readonly clock: Clock;
  readonly link: () => BrokerLink;
  readonly listener: SiteLinkListener;
  /** An auditor has just begun to follow this gate. */
  readonly onAuditor: () => void;
}

const STREAM_SETTING = 'site.event-stream';
const BATCH = 32;
/** Events that nobody took over are offered again after so long. */
const RETRY_MS = 30_000;
const POLL_MS = 1_000;
/** How far an auditor's clock may be ahead. */
const AHEAD_MAX_MS = 10_000;

/** Carries events from the outbox to the broker: in order, each until it is known to be safe. */
export class EventPublisher {
  readonly #parts: EventPublisherParts;
  readonly #streamId: string;
  readonly #cancelPoll: Cancel;
  /** Number of the last event that was published since the session began. */
  #cursor: number;
  readonly #newestReceipts = new NewestIssues(AHEAD_MAX_MS);
  #isUp = false;
  #isClosed = false;
  #work: Promise<void> | undefined;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(parts: EventPublisherParts) {
    this.#parts = parts;
    this.#streamId = streamIdOf(parts.store);
    this.#cursor = parts.store.outboxRange().acknowledged;
    // Other processes append too, and what waits for a subscriber is offered again.
    this.#cancelPoll = parts.clock.every(POLL_MS, () => this.wake());
  }

  /** The broker is there. 'fresh': what it had taken before may be lost. */
  up(session: 'resumed' | 'fresh'): void {
    this.#isUp = true;
    this.#notBefore = Number.NEGATIVE_INFINITY;
    if (session === 'fresh') this.#rewind(0);
    this.wake();
  }

  down(): void {
    this.#isUp = false;
  }

  /** Something may be waiting. */
  wake(): void {
    if (!this.#isUp || this.#isClosed || this.#parts.clock.now() < this.#notBefore) return;
    this.#work ??= this.#pump().finally(() => {
      this.#work = undefined;
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelPoll();
  }

  async settled(): Promise<void> {
    await this.#work;
  }

  /** Takes an auditor's receipt. */
  async receive(payload: Uint8Array): Promise<{ readonly outcome: 'accepted' } | Refused> {
    if (payload.length > SIZE_LIMITS.receipt) return refusedFor('oversize');
    const { clock } = this.#parts;
    const rules = { kind: 'receipt', schema: receiptDocumentSchema } as const;
    const verified = await verifyReceipt(payload, rules, this.#parts);
    if (verified.outcome === 'refused') return verified;
    const { document, signer } = verified;
    // The retained receipt comes with every connection, and a broker may repeat an old request to resend.
    if (!this.#newestReceipts.isNewer(signer.kid, document.issuedAtMs, clock.wall())) {
      return { outcome: 'accepted' };
    }
    this.#newestReceipts.note(signer.kid, document.issuedAtMs);
    const reason = this.#takeReceipt(document);
    return reason === undefined ? { outcome: 'accepted' } : refusedFor(reason);
  }

  #takeReceipt(receipt: {
    readonly streamId?: string;
    readonly upTo: number;
    readonly resend: boolean;
  }): MessageRefusal | undefined {
    const { store, acknowledgement } = this.#parts;
    const isOurs = receipt.streamId === this.#streamId;
    if (receipt.streamId !== undefined && !isOurs && !receipt.resend) return 'wrong-stream';
    const { last } = store.outboxRange();
    if (isOurs) {
      if (receipt.upTo > last) return 'ahead-of-outbox';
      if (acknowledgement === 'receipt') store.acknowledgeUpTo(receipt.upTo);
      this.#cursor = Math.max(this.#cursor, store.outboxRange().acknowledged);
    }
    if (receipt.resend) {
      this.#rewind(isOurs ? receipt.upTo : 0);
      this.wake();
      this.#parts.onAuditor();
    }
    return undefined;
  }

  /** Back to what is not known to be safe, but not before `number`. */
  #rewind(number: number): void {
    const { acknowledged } = this.#parts.store.outboxRange();
    this.#cursor = Math.min(this.#cursor, Math.max(number, acknowledged));
  }

  async #pump(): Promise<void> {
    try {
      while (this.#isUp && !this.#isClosed) {
        const waiting = this.#parts.store.outboxRecordsAfter(this.#cursor, BATCH);
        if (waiting.length === 0 || !(await this.#publish(waiting))) return;
      }
    } catch (error) {
      // The store failed; the connection breaking is no error, and is handled where it is seen.
      this.#parts.listener.onStoreFault?.(error);
    }
  }

  /** @returns whether to go on at once */
  async #publish(waiting: readonly WaitingEvent[]): Promise<boolean> {
    const { store, link, topic, acknowledgement, clock } = this.#parts;
    const startedAt = this.#cursor;
    const payloads = await Promise.all(waiting.map((event) => this.#sign(event)));
    const outcomes = await Promise.allSettled(
      payloads.map((payload) => link().publish({ topic, payload, isRetained: false })),
    );
    // A receipt may have asked for older ones meanwhile.
    if (this.#cursor < startedAt) return true;
    for (const [index, outcome] of outcomes.entries()) {
      const number = waiting[index]?.number ?? 0;
      const isSafe = outcome.status === 'fulfilled' && outcome.value === 'taken';
      if (outcome.status === 'rejected' || (acknowledgement === 'broker' && !isSafe)) {
        this.#notBefore = clock.now() + RETRY_MS;
        return false;
      }
      this.#cursor = Math.max(this.#cursor, number);
      if (acknowledgement === 'broker') store.acknowledgeUpTo(number);
    }
    return true;
  }

  #sign({ number, record, previousHash, hash }: WaitingEvent): Promise<string> {
    const { site, gateId, keys } = this.#parts;
    const document: EventDocument = {
      schemaVersion: 1,
      kind: 'event',
      site,
      gateId,
      streamId: this.#streamId,
      number,
      record,
      previousHash: Buffer.from(previousHash).toString('base64url'),
      hash: Buffer.from(hash).toString('base64url'),
    };
    return signDocument('event', document, keys.signer);
  }
}

/** The numbering belongs to the store: another store is another stream, whatever the gate's name. */
function streamIdOf(store: SiteStore): string {
  const known = streamIdSchema.safeParse(store.setting(STREAM_SETTING));
  if (known.success) return known.data;
  const created = randomBytes(16).toString('base64url');
  store.setSetting(STREAM_SETTING, created);
  return created;
}
