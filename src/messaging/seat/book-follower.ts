import type { Clock } from '../../domain/ports/clock.ts';
import type { MonotonicMs } from '../../domain/units.ts';
import { applyRoster } from '../../roster/apply-roster.ts';
import type { PersonDocument, RosterHead } from '../../roster/roster-documents.ts';
import { RosterLedger } from '../../roster/roster-ledger.ts';
import { type RosterPayload, readRosterPayload, textOf } from '../roster/read-roster.ts';
import type { RosterBook } from './roster-book.ts';
import { isSealedByNewest } from './sealed-entry.ts';
import type { SeatKeys } from './seat-keys.ts';

export interface BookFollowerParts {
  readonly site: string;
  readonly keys: SeatKeys;
  readonly clock: Clock;
  readonly book: RosterBook;
}

/**
 * Keeps a book as the broker has it, by the rules of a gate: for a desk that has no copy yet, and so
 * that two administrators know of each other's changes.
 */
export class BookFollower {
  readonly #parts: BookFollowerParts;
  readonly #ledger: RosterLedger;
  #newsAtMs: MonotonicMs;

  constructor(parts: BookFollowerParts) {
    this.#parts = parts;
    this.#newsAtMs = parts.clock.now();
    this.#ledger = new RosterLedger({
      site: parts.site,
      encoders: [],
      head: undefined,
      minimumEpoch: parts.book.head?.epoch ?? 0,
      marks: parts.book.marks(),
    });
  }

  /** Whether the book is what the newest head vouches for. */
  isComplete(): boolean {
    return this.#ledger.matchesHead();
  }

  /** Whether it is, but for changes of the own desk that no head covers yet: its program was interrupted. */
  isCompleteButForOwnChanges(): boolean {
    const { head } = this.#ledger;
    const { count, setHash } = this.#parts.book.setAtHead();
    return head !== undefined && head.count === count && head.setHash === setHash;
  }

  /** Whether the broker has sent any head at all. */
  hasHead(): boolean {
    return this.#ledger.head !== undefined;
  }

  /** When the broker last sent something, or following began. */
  get newsAtMs(): MonotonicMs {
    return this.#newsAtMs;
  }

  async take(payload: RosterPayload): Promise<void> {
    const { keys, clock, book } = this.#parts;
    this.#newsAtMs = clock.now();
    // Word for word what the book has was believed when it came into the book: most of a large roster, at every start.
    if (payload.noun === 'roster' && this.#isInBook(payload)) return;
    const read = await readRosterPayload(payload, keys, clock.wall());
    if (read.outcome === 'refused') return;
    const verdict = applyRoster(this.#ledger, read.message);
    if (verdict.outcome === 'head') {
      this.#ledger.noteHead(verdict.head);
      const { epoch } = verdict.head;
      if (epoch > (book.head?.epoch ?? 0)) {
        book.putHead({ epoch, payload: textOf(payload.payload) });
      }
    } else if (verdict.outcome === 'record') {
      const { mark } = verdict.change;
      this.#ledger.note(mark);
      // The desk itself may have published a newer one that has not come back yet.
      if (mark.version <= (book.entry(mark.identityId)?.version ?? 0)) return;
      const { identityId, kind, version, digest } = mark;
      book.put({ identityId, kind, version, digest, payload: textOf(payload.payload) });
    } else if (verdict.outcome === 'known' && payload.noun === 'roster') {
      this.#takeNewSeal(payload.identityId, textOf(payload.payload));
    }
  }

  #isInBook({ identityId, payload }: Extract<RosterPayload, { noun: 'roster' }>): boolean {
    return this.#parts.book.entry(identityId)?.payload === textOf(payload);
  }

  /** The same record under a newer content key. */
  #takeNewSeal(identityId: string, payload: string): void {
    const { book, keys } = this.#parts;
    const entry = book.entry(identityId);
    if (entry === undefined || entry.payload === payload) return;
    if (isSealedByNewest(payload, keys.contentKeys)) book.put({ ...entry, payload });
  }
}

/** What the newest head in the book says; undefined without one, and when its signature does not count. */
export async function readHead({
  keys,
  clock,
  book,
}: Omit<BookFollowerParts, 'site'>): Promise<RosterHead | undefined> {
  if (book.head === undefined) return undefined;
  const payload = Buffer.from(book.head.payload, 'latin1');
  const read = await readRosterPayload({ noun: 'roster-head', payload }, keys, clock.wall());
  if (read.outcome === 'refused' || read.message.document.kind !== 'head') return undefined;
  return read.message.document;
}

/** What a record in the book says; undefined for nobody, for the deleted, and without the key. */
export async function readPerson(
  identityId: string,
  { keys, clock, book }: Omit<BookFollowerParts, 'site'>,
): Promise<PersonDocument | undefined> {
  const entry = book.entry(identityId);
  if (entry === undefined) return undefined;
  const payload = Buffer.from(entry.payload, 'latin1');
  const read = await readRosterPayload({ noun: 'roster', identityId, payload }, keys, clock.wall());
  if (read.outcome === 'refused' || read.message.document.kind !== 'person') return undefined;
  return read.message.document;
}
