import type { RosterMark } from '../domain/roster.ts';
import type { Encoder, RosterView } from './apply-roster.ts';
import type { RosterHead } from './roster-documents.ts';
import { type RosterSet, rosterSet } from './set-hash.ts';

export interface LedgerStart {
  readonly site: string;
  readonly encoders: readonly Encoder[];
  readonly head: RosterHead | undefined;
  readonly minimumEpoch: number;
  readonly marks: Iterable<RosterMark>;
}

/** The newest mark of every person and the newest head. Told only of what is durable. */
export class RosterLedger implements RosterView {
  readonly site: string;
  readonly encoders: readonly Encoder[];
  readonly minimumEpoch: number;
  readonly #marks: Map<string, RosterMark>;
  #head: RosterHead | undefined;
  #set: RosterSet | undefined;
  #people = 0;
  #unvouched = 0;

  constructor({ site, encoders, head, minimumEpoch, marks }: LedgerStart) {
    this.site = site;
    this.encoders = encoders;
    this.minimumEpoch = minimumEpoch;
    this.#head = head;
    this.#marks = new Map();
    for (const mark of marks) this.note(mark);
  }

  get head(): RosterHead | undefined {
    return this.#head;
  }

  markOf(identityId: string): RosterMark | undefined {
    return this.#marks.get(identityId);
  }

  note(mark: RosterMark): void {
    const before = this.#marks.get(mark.identityId);
    if (before?.kind === 'person') this.#people -= 1;
    if (before?.isVouchedFor === false) this.#unvouched -= 1;
    if (mark.kind === 'person') this.#people += 1;
    if (!mark.isVouchedFor) this.#unvouched += 1;
    this.#marks.set(mark.identityId, mark);
    this.#set = undefined;
  }

  /** People that are not deleted. */
  get count(): number {
    return this.#people;
  }

  /** Whether some record is to be taken once more at its version. */
  hasForgotten(): boolean {
    for (const { digest } of this.#marks.values()) if (digest === '') return true;
    return false;
  }

  isAllVouchedFor(): boolean {
    return this.#unvouched === 0;
  }

  /** A complete and valid head covers everything held now. */
  vouch(): void {
    this.#unvouched = 0;
    for (const [identityId, mark] of this.#marks) {
      if (!mark.isVouchedFor) this.#marks.set(identityId, { ...mark, isVouchedFor: true });
    }
  }

  /** False for a person whose newest record no complete and valid head has covered yet. */
  isVouchedFor(identityId: string): boolean {
    return this.#marks.get(identityId)?.isVouchedFor ?? true;
  }

  noteHead(head: RosterHead): void {
    this.#head = head;
  }

  /** The set as it is held; counted anew only when something changed. */
  set(): RosterSet {
    this.#set ??= rosterSet(this.#marks.values());
    return this.#set;
  }

  /** Whether what is held is what the head vouches for. */
  matchesHead(): boolean {
    // Counting is cheap, hashing ten thousand people is not: while they arrive, their number differs.
    if (this.#head?.count !== this.#people) return false;
    return this.#head.setHash === this.set().setHash;
  }
}
