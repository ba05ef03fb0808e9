import { textOf } from '../roster/read-roster.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import type { EventPublisher } from './event-publisher.ts';
import type { SiteLinkListener } from './gate-ports.ts';
import type { PicturePublisher } from './picture-publisher.ts';
import type { RefusalTally } from './refusal-tally.ts';
import type { KeyOutcome, SiteKeys } from './site-keys.ts';

export type KeyNoun = 'trust' | 'keys' | 'receipt' | 'picture-receipt';

export interface KeyIntakeParts {
  readonly keys: SiteKeys;
  readonly events: EventPublisher;
  readonly pictures: PicturePublisher;
  readonly tally: RefusalTally;
  readonly listener: SiteLinkListener;
  /** Keys have changed: what could not be read or believed before may be now. */
  readonly onKeysChanged: () => void;
}

const LIMITS: Readonly<Record<KeyNoun, number>> = {
  trust: SIZE_LIMITS.trustList,
  keys: SIZE_LIMITS.contentKeys,
  receipt: SIZE_LIMITS.receipt,
  'picture-receipt': SIZE_LIMITS.pictureReceipt,
};
/** More at once is a flood: honest brokers send three. */
const WAITING_MAX = 64;

/** Trust lists, content keys and the receipts of auditors, taken one after another. */
export class KeyIntake {
  readonly #parts: KeyIntakeParts;
  #line: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(parts: KeyIntakeParts) {
    this.#parts = parts;
  }

  offer(noun: KeyNoun, payload: Uint8Array): void {
    const { tally, listener } = this.#parts;
    if (payload.length > LIMITS[noun]) {
      tally.note('oversize', noun);
      return;
    }
    if (this.#waiting >= WAITING_MAX) {
      tally.note('flooded', noun);
      return;
    }
    this.#waiting += 1;
    this.#line = this.#line
      .then(() => this.#take(noun, payload))
      .catch((error: unknown) => listener.onStoreFault?.(error))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** Resolves when everything offered so far has been dealt with. */
  async settled(): Promise<void> {
    await this.#line;
  }

  async #take(noun: KeyNoun, payload: Uint8Array): Promise<void> {
    const { tally, onKeysChanged } = this.#parts;
    const result = await this.#obey(noun, payload);
    const isOfKeys = noun === 'trust' || noun === 'keys';
    if (result.outcome === 'refused') tally.note(result.reason, noun);
    else if (isOfKeys && result.outcome === 'accepted') onKeysChanged();
  }

  #obey(noun: KeyNoun, payload: Uint8Array): Promise<KeyOutcome> {
    const { keys, events, pictures } = this.#parts;
    switch (noun) {
      case 'trust':
        return keys.acceptTrustList(textOf(payload));
      case 'keys':
        return keys.acceptContentKeys(textOf(payload));
      case 'receipt':
        return events.receive(payload);
      case 'picture-receipt':
        return pictures.receive(payload);
    }
  }
}
