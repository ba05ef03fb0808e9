import { PorticoError } from '../../domain/errors.ts';
import type { Cancel, Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import { wallMs } from '../../domain/units.ts';
import type { BrokerLink } from '../broker/broker-link.ts';
import { pictureReceiptSchema } from '../documents/picture-document.ts';
import { pictureDigest, sealPicture } from '../envelope/picture-sealing.ts';
import type { Refused } from '../refusal.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import type { PictureStore } from './gate-ports.ts';
import type { SiteKeys } from './site-keys.ts';
import { verifyReceipt } from './verify-receipt.ts';

export interface PicturePublisherParts {
  readonly site: string;
  readonly gateId: string;
  readonly topic: string;
  /** How long a picture may be kept by anybody; absent: none is made, and what waits is deleted. */
  readonly keepForMs: number | undefined;
  readonly store: PictureStore;
  readonly keys: SiteKeys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly link: () => BrokerLink;
  /** Publishes what waits in the outbox: an auditor takes no picture whose event it has not seen. */
  readonly publishEvents: () => Promise<void>;
}

/** 'no-auditor': nobody in the trust list could open it. */
export type PictureOutcome = 'kept' | 'off' | 'no-auditor' | 'too-large' | 'not-stored';

const LOOK_MS = 60_000;
/** What no auditor has taken is offered again after so long, then each time after twice as long. */
const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 3_600_000;

/** Seals pictures of events for the site's auditors, and offers them until one has taken them or they expire. */
export class PicturePublisher {
  readonly #parts: PicturePublisherParts;
  readonly #cancelLook: Cancel;
  /** Number of the last picture that was offered since an auditor was last heard of. */
  #cursor = 0;
  #retryAfterMs = FIRST_RETRY_MS;
  #notBefore = Number.NEGATIVE_INFINITY;
  #isUp = false;
  #isClosed = false;
  #work: Promise<void> | undefined;

  constructor(parts: PicturePublisherParts) {
    this.#parts = parts;
    if (parts.keepForMs === undefined) this.#guarded(() => parts.store.clear());
    this.#cancelLook = parts.clock.every(LOOK_MS, () => this.#look());
  }

  /**
   * Seals a picture and stores it with the event that announces it. A picture never harms anything else: what
   * goes wrong is an outcome.
   * @param of  number of the event whose subject it shows
   */
  async keep(of: number, jpeg: Uint8Array): Promise<PictureOutcome> {
    const { keepForMs, keys, clock, store, site, gateId } = this.#parts;
    if (keepForMs === undefined) return 'off';
    const auditors = keys.trust.auditors(clock.wall());
    if (auditors.length === 0) return 'no-auditor';
    const sealed = await sealPicture(jpeg, { site, gateId }, auditors);
    if (sealed.length > SIZE_LIMITS.picture) return 'too-large';
    if (this.#isClosed) return 'off';
    const expiresAtMs = wallMs(clock.wall() + keepForMs);
    const picture = { of, digest: pictureDigest(sealed), sealed, expiresAtMs };
    if (!this.#guarded(() => store.keep(picture))) return 'not-stored';
    this.#offer();
    return 'kept';
  }

  up(): void {
    this.#isUp = true;
    this.offerAgain();
  }

  down(): void {
    this.#isUp = false;
  }

  /** An auditor has just begun: what waits is offered from the oldest on. */
  offerAgain(): void {
    this.#cursor = 0;
    this.#retryAfterMs = FIRST_RETRY_MS;
    this.#notBefore = this.#parts.clock.now() + FIRST_RETRY_MS;
    this.#offer();
  }

  /** Takes an auditor's word that it has pictures. Repeated, it changes nothing. */
  async receive(payload: Uint8Array): Promise<{ readonly outcome: 'accepted' } | Refused> {
    const rules = { kind: 'picture-receipt', schema: pictureReceiptSchema } as const;
    const verified = await verifyReceipt(payload, rules, this.#parts);
    if (verified.outcome === 'refused') return verified;
    this.#parts.store.forget(verified.document.digests);
    return { outcome: 'accepted' };
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelLook();
  }

  async settled(): Promise<void> {
    await this.#work;
  }

  #look(): void {
    const { store, clock } = this.#parts;
    this.#guarded(() => store.expire(clock.wall()));
    if (clock.now() < this.#notBefore) return;
    this.#cursor = 0;
    this.#notBefore = clock.now() + this.#retryAfterMs;
    this.#retryAfterMs = Math.min(this.#retryAfterMs * 2, LAST_RETRY_MS);
    this.#offer();
  }

  #offer(): void {
    if (!this.#isUp || this.#isClosed) return;
    this.#work ??= this.#pump().finally(() => {
      this.#work = undefined;
    });
  }

  /** One at a time: events and answers go between them. */
  async #pump(): Promise<void> {
    const { store, clock, link, topic, publishEvents } = this.#parts;
    try {
      await publishEvents();
      while (this.#isUp && !this.#isClosed) {
        const [next] = store.after(this.#cursor, 1);
        if (next === undefined) return;
        const remainingMs = next.expiresAtMs - clock.wall();
        if (remainingMs > 0) {
          const delivery = await link().publish({
            topic,
            payload: next.sealed,
            isRetained: false,
            expirySeconds: Math.ceil(remainingMs / 1_000),
          });
          // Nobody listens: the others need not travel for nothing.
          if (delivery === 'nobody-there') return;
        }
        this.#cursor = Math.max(this.#cursor, next.number);
      }
    } catch (error) {
      this.#note(error);
    }
  }

  #guarded(work: () => unknown): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.#note(error);
      return false;
    }
  }

  /** The store's own faults are found and shown by whoever stores what matters. */
  #note(error: unknown): void {
    const code = error instanceof PorticoError ? error.code : 'unexpected';
    this.#parts.logger.warn({ event: 'picture.waits', code, error }, 'a picture has to wait');
  }
}
