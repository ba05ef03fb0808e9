import type { Database, Statement } from 'better-sqlite3';
import { corruptStore } from './store-fault.ts';

/**
 * Slots of sealed bytes. Slots are appended, overwritten in place by as many bytes, and reused, but
 * their rows are never deleted: SQLite leaves stale copies behind when it moves rows between pages,
 * and only rows that never move can be erased for certain. Call within a transaction.
 */
export class Vault {
  readonly #path: string;
  readonly #read: Statement<[number], { readonly sealed: Buffer }>;
  readonly #free: Statement<[number], { readonly slot: number }>;
  readonly #append: Statement<[Buffer]>;
  readonly #fill: Statement<[Buffer, number]>;
  readonly #erase: Statement<[number]>;

  constructor(db: Database, path: string) {
    this.#path = path;
    this.#read = db.prepare('SELECT sealed FROM vault WHERE slot = ? AND in_use = 1');
    this.#free = db.prepare(
      'SELECT slot FROM vault WHERE in_use = 0 AND length(sealed) = ? LIMIT 1',
    );
    this.#append = db.prepare('INSERT INTO vault (in_use, sealed) VALUES (1, ?)');
    this.#fill = db.prepare('UPDATE vault SET in_use = 1, sealed = ? WHERE slot = ?');
    this.#erase = db.prepare(
      'UPDATE vault SET in_use = 0, sealed = zeroblob(length(sealed)) WHERE slot = ?',
    );
  }

  /** @returns the slot's number */
  add(sealed: Buffer): number {
    const free = this.#free.get(sealed.length);
    if (free === undefined) return Number(this.#append.run(sealed).lastInsertRowid);
    this.#fill.run(sealed, free.slot);
    return free.slot;
  }

  /** @throws PORTICO_STORE_CORRUPT for a slot that is not in use: a row refers to it in error */
  read(slot: number): Buffer {
    const row = this.#read.get(slot);
    if (row === undefined) throw this.#unused(slot);
    return row.sealed;
  }

  /** Puts new bytes in the place of old ones; the slot changes when their number does. */
  replace(slot: number, sealed: Buffer): number {
    if (this.read(slot).length === sealed.length) {
      this.#fill.run(sealed, slot);
      return slot;
    }
    this.erase(slot);
    return this.add(sealed);
  }

  /** Overwrites with zeros; the bytes are gone from the files after the next checkpoint. */
  erase(slot: number): void {
    if (this.#erase.run(slot).changes !== 1) throw this.#unused(slot);
  }

  #unused(slot: number): Error {
    return corruptStore(this.#path, `slot ${slot} is referred to but not in use`);
  }
}
