import type { Database, Statement } from 'better-sqlite3';
import type { GateEvent, NumberedEvent } from '../domain/events.ts';
import { type WallMs, wallMs } from '../domain/units.ts';

/** A picture that only an auditor can open. */
export interface SealedPicture {
  /** Number of the event whose subject it shows. */
  readonly of: number;
  /** SHA-256 of `sealed`, base64url. */
  readonly digest: string;
  readonly sealed: string;
  readonly expiresAtMs: WallMs;
}

export interface WaitingPicture extends Omit<SealedPicture, 'of'> {
  /** Of the event that announced it. */
  readonly number: number;
}

interface PictureRow {
  readonly number: number;
  readonly digest: string;
  readonly expires_at_ms: number;
  readonly sealed: string;
}

/** With a payload's limit of 96 KiB, no more than 12 MiB. */
export const PICTURES_MAX = 128;

export interface ShelfParts {
  readonly write: <T>(work: () => T) => T;
  readonly read: <T>(work: () => T) => T;
  /** Within `write`. */
  readonly append: (event: GateEvent) => NumberedEvent;
  /** What was deleted leaves the files too. */
  readonly erase: () => void;
}

/**
 * Sealed pictures that wait for an auditor, beside the outbox. They are guests: the oldest go when there are too
 * many, all go when they expire, and no event ever waits for one. What a method has returned from is durable;
 * every method may throw what the store's methods do.
 */
export class PictureShelf {
  readonly #parts: ShelfParts;
  readonly #insert: Statement<[number, string, number, string]>;
  readonly #trim: Statement<[number]>;
  readonly #after: Statement<[number, number], PictureRow>;
  readonly #count: Statement<[], { readonly count: number }>;
  readonly #forget: Statement<[string]>;
  readonly #expire: Statement<[number]>;
  readonly #clear: Statement<[]>;

  constructor(db: Database, parts: ShelfParts) {
    this.#parts = parts;
    this.#insert = db.prepare('INSERT INTO pictures VALUES (?, ?, ?, ?)');
    this.#trim = db.prepare(
      'DELETE FROM pictures WHERE number NOT IN (SELECT number FROM pictures ORDER BY number DESC LIMIT ?)',
    );
    this.#after = db.prepare('SELECT * FROM pictures WHERE number > ? ORDER BY number LIMIT ?');
    this.#count = db.prepare('SELECT count(*) AS count FROM pictures');
    this.#forget = db.prepare('DELETE FROM pictures WHERE digest = ?');
    this.#expire = db.prepare('DELETE FROM pictures WHERE expires_at_ms <= ?');
    this.#clear = db.prepare('DELETE FROM pictures');
  }

  /** Keeps a picture and appends the event that announces it: both, or neither. */
  keep({ of, digest, sealed, expiresAtMs }: SealedPicture): NumberedEvent {
    return this.#parts.write(() => {
      const event = this.#parts.append({ type: 'picture.taken', of, digest, expiresAtMs });
      this.#insert.run(event.number, digest, expiresAtMs, sealed);
      this.#trim.run(PICTURES_MAX);
      return event;
    });
  }

  /** Oldest first. */
  after(number: number, limit: number): readonly WaitingPicture[] {
    const rows = this.#parts.read(() => this.#after.all(number, limit));
    return rows.map(({ expires_at_ms: expiresAtMs, ...row }) => ({
      ...row,
      expiresAtMs: wallMs(expiresAtMs),
    }));
  }

  get count(): number {
    return this.#parts.read(() => this.#count.get()?.count ?? 0);
  }

  /** An auditor has them. */
  forget(digests: readonly string[]): void {
    this.#delete(() => digests.reduce((sum, digest) => sum + this.#forget.run(digest).changes, 0));
  }

  /** Whose time is over goes. */
  expire(now: WallMs): void {
    this.#delete(() => this.#expire.run(now).changes);
  }

  clear(): void {
    this.#delete(() => this.#clear.run().changes);
  }

  #delete(work: () => number): void {
    // Looking costs no write, and most of the time there is nothing.
    if (this.count > 0 && this.#parts.write(work) > 0) this.#parts.erase();
  }
}

/** For a copy of a store, of whatever version: it would outlive the expiry of what is in it. */
export function leaveOutPictures(copy: Database): void {
  const table = copy.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'pictures'").get();
  if (table === undefined) return;
  copy.pragma('secure_delete = ON');
  copy.exec('DELETE FROM pictures');
}
