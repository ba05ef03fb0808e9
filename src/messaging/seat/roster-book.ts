import { z } from 'zod';
import { ProtocolError } from '../../domain/errors.ts';
import type { RosterMark } from '../../domain/roster.ts';
import { identityIdSchema } from '../../roster/roster-documents.ts';
import { type RosterSet, rosterSet } from '../../roster/set-hash.ts';
import { parseJson } from '../envelope/compact-header.ts';

const entrySchema = z.strictObject({
  identityId: identityIdSchema,
  kind: z.enum(['person', 'tombstone']),
  version: z.number().int().min(1),
  digest: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  payload: z.string().min(1).describe('The retained message: signed and sealed'),
});
const headSchema = z.strictObject({
  epoch: z.number().int().min(1),
  payload: z.string().min(1).describe('The retained message: signed'),
});

const claimSchema = z.strictObject({
  identityId: identityIdSchema,
  claimed: z.number().int().min(1).describe('A version that may have been sent'),
});
const headClaimSchema = z.strictObject({
  claimedEpoch: z.number().int().min(1).describe('An epoch that may have been sent'),
});

export type BookEntry = Readonly<z.infer<typeof entrySchema>>;
export type BookHead = Readonly<z.infer<typeof headSchema>>;
export type BookLine =
  | BookEntry
  | BookHead
  | Readonly<z.infer<typeof claimSchema>>
  | Readonly<z.infer<typeof headClaimSchema>>;

/** A book of few people is not written anew for a handful of old lines. */
const DEAD_LINES_MAX = 1_000;

/**
 * The administrator's copy of what the broker keeps: the sealed message of every person and tombstone,
 * and the newest head. With it a broker that lost everything is filled again; nothing in it is readable.
 */
export class RosterBook {
  readonly #entries = new Map<string, BookEntry>();
  readonly #claims = new Map<string, number>();
  #head: BookHead | undefined;
  /** Of the text that it was parsed from. */
  #lines = 0;
  #claimedEpoch = 0;
  #onChange: (line: BookLine) => void;
  /** Who changed since the newest head, with what was known of them before. */
  readonly #sinceHead = new Map<string, BookEntry | undefined>();

  /** @param onChange  hears of every change, to keep it */
  constructor(onChange: (line: BookLine) => void = () => undefined) {
    this.#onChange = onChange;
  }

  /**
   * @param onChange  hears of every later change
   * @throws PORTICO_SITE_FILE when a line is not an entry
   */
  static parse(text: string, onChange?: (line: BookLine) => void): RosterBook {
    const book = new RosterBook();
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '') continue;
      book.#lines += 1;
      const value = parseJson(line);
      const entry = entrySchema.safeParse(value);
      const head = headSchema.safeParse(value);
      const claim = claimSchema.safeParse(value);
      const headClaim = headClaimSchema.safeParse(value);
      if (entry.success) book.#recall(entry.data);
      else if (head.success) book.#recallHead(head.data);
      else if (claim.success) book.#recallClaim(claim.data.identityId, claim.data.claimed);
      else if (headClaim.success) book.#recallHeadClaim(headClaim.data.claimedEpoch);
      else throw damaged(index + 1);
    }
    if (onChange !== undefined) book.#onChange = onChange;
    return book;
  }

  /** One line of JSON each, so that changes can also be appended: a person's newest version counts. */
  serialise(): string {
    const lines: BookLine[] = [...this.#entries.values()];
    for (const [identityId, claimed] of this.#claims) {
      if (claimed > (this.#entries.get(identityId)?.version ?? 0)) {
        lines.push({ identityId, claimed });
      }
    }
    if (this.#head !== undefined) lines.push(this.#head);
    if (this.#claimedEpoch > (this.#head?.epoch ?? 0)) {
      lines.push({ claimedEpoch: this.#claimedEpoch });
    }
    return lines.map(bookLine).join('');
  }

  /** Whether most of the text that it was parsed from said what is not so any more. */
  get isWordy(): boolean {
    return this.#sinceHead.size === 0 && this.#lines > 2 * this.#entries.size + DEAD_LINES_MAX;
  }

  get head(): BookHead | undefined {
    return this.#head;
  }

  entries(): Iterable<BookEntry> {
    return this.#entries.values();
  }

  entry(identityId: string): BookEntry | undefined {
    return this.#entries.get(identityId);
  }

  /**
   * The version for the next record of this person, for good: a message whose acknowledgement was lost may
   * be with the gates, and another one of the same version would be refused there.
   */
  claimVersion(identityId: string): number {
    const newest = this.#entries.get(identityId)?.version ?? 0;
    const claimed = Math.max(newest, this.#claims.get(identityId) ?? 0) + 1;
    this.#claims.set(identityId, claimed);
    this.#onChange({ identityId, claimed });
    return claimed;
  }

  /** The epoch for the next head, for good. */
  claimEpoch(): number {
    const claimedEpoch = Math.max(this.#head?.epoch ?? 0, this.#claimedEpoch) + 1;
    this.#claimedEpoch = claimedEpoch;
    this.#onChange({ claimedEpoch });
    return claimedEpoch;
  }

  put(entry: BookEntry): void {
    // Its own publication may come back to a desk before the broker has acknowledged it.
    const known = this.#entries.get(entry.identityId);
    if (known?.version === entry.version && known.payload === entry.payload) return;
    this.#note(entry);
    this.#onChange(entry);
  }

  putHead(head: BookHead): void {
    this.#head = head;
    this.#sinceHead.clear();
    this.#onChange(head);
  }

  set(): RosterSet {
    return rosterSet(this.marks());
  }

  /** What the newest head found: without the changes that came after it. */
  setAtHead(): RosterSet {
    const entries = new Map(this.#entries);
    for (const [identityId, before] of this.#sinceHead) {
      if (before === undefined) entries.delete(identityId);
      else entries.set(identityId, before);
    }
    return rosterSet(entries.values());
  }

  *marks(): Iterable<RosterMark> {
    for (const { payload: _, ...mark } of this.#entries.values()) {
      yield { ...mark, isVouchedFor: false };
    }
  }

  #note(entry: BookEntry): void {
    const { identityId } = entry;
    const before = this.#entries.get(identityId);
    const isChange = before?.version !== entry.version;
    if (isChange && !this.#sinceHead.has(identityId)) this.#sinceHead.set(identityId, before);
    this.#entries.set(identityId, entry);
  }

  /** Two programs at one book may have appended in any order. */
  #recall(entry: BookEntry): void {
    if (entry.version >= (this.#entries.get(entry.identityId)?.version ?? 0)) {
      this.#note(entry);
    }
  }

  #recallClaim(identityId: string, claimed: number): void {
    this.#claims.set(identityId, Math.max(claimed, this.#claims.get(identityId) ?? 0));
  }

  #recallHeadClaim(epoch: number): void {
    this.#claimedEpoch = Math.max(epoch, this.#claimedEpoch);
  }

  #recallHead(head: BookHead): void {
    if (head.epoch < (this.#head?.epoch ?? 0)) return;
    this.#head = head;
    this.#sinceHead.clear();
  }
}

/** A change as it is appended to a file. */
export const bookLine = (line: BookLine): string => `${JSON.stringify(line)}\n`;

const damaged = (line: number): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `line ${line} of the roster book is not an entry`,
    remedy: 'Restore the book from its backup, or read the roster from the broker again.',
    context: { line },
  });
