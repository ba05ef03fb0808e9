import { createHash } from 'node:crypto';
import type { RosterChange, RosterMark, RosterPerson } from '../../src/domain/roster.ts';
import type {
  PictureStore,
  SiteStore,
  WaitingEvent,
  WaitingPicture,
} from '../../src/messaging/gate/gate-ports.ts';

/** The part of a store that a link needs, in memory: what the real one does, without a disk. */
export class MemorySiteStore implements SiteStore {
  readonly people = new Map<string, RosterPerson>();
  readonly settings = new Map<string, string>();
  readonly pictures: MemoryPictures = new MemoryPictures((record) => this.append(record));
  readonly #marks = new Map<string, RosterMark>();
  readonly #nonces = new Set<string>();
  #events: WaitingEvent[] = [];
  #acknowledged = 0;
  #last = 0;
  #lastHash: Uint8Array = Buffer.alloc(32);
  /** Thrown by the next write, as a full disk would. */
  fault: Error | undefined;

  applyRoster(changes: readonly RosterChange[]): void {
    this.#failWhenTold();
    for (const change of changes) {
      this.#marks.set(change.mark.identityId, change.mark);
      if (change.kind === 'person') this.people.set(change.mark.identityId, change.person);
      else this.people.delete(change.mark.identityId);
    }
  }

  rosterMarks(): readonly RosterMark[] {
    return [...this.#marks.values()];
  }

  vouchForRoster(): void {
    for (const [id, mark] of this.#marks) this.#marks.set(id, { ...mark, isVouchedFor: true });
  }

  forgetRosterDigests(): void {
    for (const [id, mark] of this.#marks) this.#marks.set(id, { ...mark, digest: '' });
  }

  setting(name: string): string | undefined {
    return this.settings.get(name);
  }

  setSetting(name: string, value: string): void {
    this.#failWhenTold();
    this.settings.set(name, value);
  }

  commandSeen(nonce: string): 'first-seen' | 'replayed' {
    this.#failWhenTold();
    if (this.#nonces.has(nonce)) return 'replayed';
    this.#nonces.add(nonce);
    return 'first-seen';
  }

  append(record: string): number {
    const previousHash = this.#lastHash;
    const hash = createHash('sha256').update(previousHash).update(record).digest();
    this.#last += 1;
    this.#lastHash = hash;
    this.#events.push({ number: this.#last, record, previousHash, hash });
    return this.#last;
  }

  outboxRecordsAfter(number: number, limit: number): readonly WaitingEvent[] {
    return this.#events.filter((event) => event.number > number).slice(0, limit);
  }

  outboxRange(): { readonly acknowledged: number; readonly last: number } {
    return { acknowledged: this.#acknowledged, last: this.#last };
  }

  acknowledgeUpTo(number: number): void {
    this.#failWhenTold();
    this.#acknowledged = Math.max(this.#acknowledged, number);
    this.#events = this.#events.filter((event) => event.number > number);
  }

  #failWhenTold(): void {
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
  }
}

/** Its shelf of sealed pictures. */
export class MemoryPictures implements PictureStore {
  /** Thrown by the next `keep`. */
  fault: Error | undefined;
  #waiting: readonly WaitingPicture[] = [];
  readonly #append: (record: string) => number;

  constructor(append: (record: string) => number) {
    this.#append = append;
  }

  get count(): number {
    return this.#waiting.length;
  }

  keep({ of, ...picture }: Parameters<PictureStore['keep']>[0]): void {
    const { fault } = this;
    this.fault = undefined;
    if (fault !== undefined) throw fault;
    const { digest, expiresAtMs } = picture;
    const event = { type: 'picture.taken', of, digest, expiresAtMs };
    const number = this.#append(JSON.stringify({ number: 0, atMs: 0, event }));
    this.#waiting = [...this.#waiting, { number, ...picture }];
  }

  after(number: number, limit: number): readonly WaitingPicture[] {
    return this.#waiting.filter((picture) => picture.number > number).slice(0, limit);
  }

  forget(digests: readonly string[]): void {
    this.#waiting = this.#waiting.filter(({ digest }) => !digests.includes(digest));
  }

  expire(now: number): void {
    this.#waiting = this.#waiting.filter(({ expiresAtMs }) => expiresAtMs > now);
  }

  clear(): void {
    this.#waiting = [];
  }
}
