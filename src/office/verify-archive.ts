import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ProtocolError } from '../domain/errors.ts';
import { eventDocumentSchema } from '../messaging/documents/event-document.ts';
import { parseJson } from '../messaging/envelope/compact-header.ts';
import { verifyDocument } from '../messaging/envelope/signing.ts';
import { isLinked } from '../messaging/seat/event-follower.ts';
import type { TrustRing } from '../messaging/site/trust-ring.ts';
import { type ArchiveLine, archiveLineSchema } from './archive-folder.ts';

/** Where and why a file of events is not what its gate wrote. */
export interface ArchiveBreak {
  /** Of the file, from 1. */
  readonly line: number;
  readonly what: string;
}

export interface ArchiveVerdict {
  readonly events: number;
  /** Numberings in the file: a gate with a new store begins another. */
  readonly streams: number;
  /** Lines that say the same again: two programs at one seat kept an event at the same moment. */
  readonly repeated: number;
  readonly first?: { readonly number: number };
  readonly last?: { readonly number: number };
  /** All of them, in the order of the file; none: the chain is whole. */
  readonly breaks: readonly ArchiveBreak[];
  /** How many events bear a signature of a key that the site knows; undefined without a site. */
  readonly signed: number | undefined;
}

/** Of the hash before the first event. */
const NOTHING_BEFORE = Buffer.alloc(32).toString('base64url');
const BREAKS_TOLD = 100;

/**
 * Checks a file of events on its own: every hash, every number, and, where the gates' keys are known, every
 * signature. What was cut off at its end leaves no trace in a chain: compare its last number with the gate's.
 * @param trust  of the site; undefined: the chain alone is checked
 * @throws PORTICO_SITE_FILE when it cannot be read
 */
export async function verifyArchive(
  path: string,
  trust: TrustRing | undefined,
): Promise<ArchiveVerdict> {
  const check = new ArchiveCheck(trust);
  try {
    const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
    for await (const line of lines) await check.take(line);
  } catch (cause) {
    throw new ProtocolError('PORTICO_SITE_FILE', {
      message: `${path} cannot be read`,
      remedy: 'Name a file of events, as the folder `archive` of a site holds one for each gate.',
      cause,
      context: { path },
    });
  }
  return check.verdict();
}

class ArchiveCheck {
  readonly #trust: TrustRing | undefined;
  readonly #breaks: ArchiveBreak[] = [];
  readonly #streams = new Set<string>();
  #line = 0;
  #events = 0;
  #signed = 0;
  #repeated = 0;
  #first: ArchiveLine | undefined;
  #before: ArchiveLine | undefined;

  constructor(trust: TrustRing | undefined) {
    this.#trust = trust;
  }

  async take(text: string): Promise<void> {
    this.#line += 1;
    const parsed = archiveLineSchema.safeParse(parseJson(text));
    if (!parsed.success) return this.#broken('this is not an event');
    const event = parsed.data;
    if (this.#before?.signed === event.signed && this.#before.hash === event.hash) {
      this.#repeated += 1;
      return;
    }
    this.#events += 1;
    this.#first ??= event;
    this.#follow(event);
    await this.#verify(event);
    this.#streams.add(event.streamId);
    this.#before = event;
  }

  verdict(): ArchiveVerdict {
    return {
      events: this.#events,
      streams: this.#streams.size,
      repeated: this.#repeated,
      ...(this.#first === undefined ? {} : { first: { number: this.#first.number } }),
      ...(this.#before === undefined ? {} : { last: { number: this.#before.number } }),
      breaks: this.#breaks,
      signed: this.#trust === undefined ? undefined : this.#signed,
    };
  }

  #follow(event: ArchiveLine): void {
    const { number, gateId, streamId, previousHash } = event;
    const before = this.#before;
    if (!isLinked(event)) this.#broken(`event ${number} is not what was hashed: it was altered`);
    if (before !== undefined && before.gateId !== gateId) {
      this.#broken(`event ${number} is of another gate, ${gateId}`);
    }
    if (before?.streamId !== streamId) {
      if (this.#streams.has(streamId)) this.#broken(`event ${number} takes up an ended numbering`);
      if (number === 1 && previousHash !== NOTHING_BEFORE) {
        this.#broken('event 1 claims that there was one before it');
      }
      return;
    }
    if (number !== before.number + 1) {
      this.#broken(`event ${number} follows event ${before.number}`);
    } else if (previousHash !== before.hash) {
      this.#broken(
        `event ${number} does not continue event ${before.number}: one of them was replaced`,
      );
    }
  }

  async #verify({ signed, ...event }: ArchiveLine): Promise<void> {
    if (this.#trust === undefined) return;
    const verified = await verifyDocument(signed, {
      kind: 'event',
      schema: eventDocumentSchema,
      keyOf: this.#trust.gateLookup(event.gateId),
    });
    if (verified.outcome === 'refused') {
      // A gate that was provisioned anew has another key now; the chain still holds what it wrote before.
      const isOtherKey = verified.reason === 'unknown-key' || verified.reason === 'revoked-key';
      if (!isOtherKey) this.#broken(`event ${event.number}: its signature does not hold`);
      return;
    }
    const isSame =
      verified.document.hash === event.hash && verified.document.record === event.record;
    if (!isSame) this.#broken(`event ${event.number} is not what its gate signed`);
    else this.#signed += 1;
  }

  #broken(what: string): void {
    if (this.#breaks.length < BREAKS_TOLD) this.#breaks.push({ line: this.#line, what });
  }
}
