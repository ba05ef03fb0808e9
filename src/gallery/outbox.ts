import { createHash } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { InvariantError } from '../domain/errors.ts';
import type { GateEvent, NumberedEvent } from '../domain/events.ts';
import type { WallMs } from '../domain/units.ts';
import { corruptStore } from './store-fault.ts';
import { decodeEvent, encodeEvent } from './stored-event.ts';

interface EventRow {
  readonly number: number;
  readonly record: string;
  readonly chain: Buffer;
}

interface Ends {
  readonly acknowledged_number: number;
  readonly acknowledged_chain: Buffer;
  readonly last_number: number;
  readonly last_chain: Buffer;
}

/** An event as it was appended, with its link of the chain, for whoever carries it on. */
export interface OutboxRecord {
  readonly number: number;
  /** The exact text that was hashed. */
  readonly record: string;
  /** Hash of the event before; 32 zero bytes before the first. */
  readonly previousHash: Uint8Array;
  /** SHA-256 of `previousHash` and `record`. */
  readonly hash: Uint8Array;
}

/**
 * Events that wait to be acknowledged, numbered without gaps. Each carries the hash of its record
 * and of the hash before it, so a record that was altered or taken out is noticed.
 * Call within a transaction.
 */
export class Outbox {
  readonly #path: string;
  readonly #ends: Statement<[], Ends>;
  readonly #insert: Statement<[number, string, Buffer]>;
  readonly #advance: Statement<[number, Buffer]>;
  readonly #after: Statement<[number, number], EventRow>;
  readonly #chainOf: Statement<[number], { readonly chain: Buffer }>;
  readonly #acknowledge: Statement<[number, Buffer]>;
  readonly #deleteUpTo: Statement<[number]>;

  constructor(db: Database, path: string) {
    this.#path = path;
    this.#ends = db.prepare('SELECT * FROM outbox');
    this.#insert = db.prepare('INSERT INTO events VALUES (?, ?, ?)');
    this.#advance = db.prepare('UPDATE outbox SET last_number = ?, last_chain = ?');
    this.#after = db.prepare('SELECT * FROM events WHERE number > ? ORDER BY number LIMIT ?');
    this.#chainOf = db.prepare('SELECT chain FROM events WHERE number = ?');
    this.#acknowledge = db.prepare(
      'UPDATE outbox SET acknowledged_number = ?, acknowledged_chain = ?',
    );
    this.#deleteUpTo = db.prepare('DELETE FROM events WHERE number <= ?');
  }

  append(event: GateEvent, atMs: WallMs): NumberedEvent {
    const ends = this.#readEnds();
    const numbered: NumberedEvent = { number: ends.last_number + 1, atMs, event };
    const record = encodeEvent(numbered);
    const chain = link(ends.last_chain, record);
    this.#insert.run(numbered.number, record, chain);
    this.#advance.run(numbered.number, chain);
    return numbered;
  }

  after(number: number, limit: number): readonly NumberedEvent[] {
    return this.#after.all(number, limit).map((row) => this.#decode(row));
  }

  /** The same events as `after`, with the text and the hashes of their chain. */
  recordsAfter(number: number, limit: number): readonly OutboxRecord[] {
    const ends = this.#readEnds();
    const first = Math.max(number, ends.acknowledged_number);
    let previousHash = this.#chainOf.get(first)?.chain ?? ends.acknowledged_chain;
    return this.#after.all(first, limit).map((row) => {
      const linked = {
        number: row.number,
        record: row.record,
        previousHash,
        hash: row.chain,
      };
      previousHash = row.chain;
      return linked;
    });
  }

  /** The first number that still waits minus one, and the last given out. */
  range(): { readonly acknowledged: number; readonly last: number } {
    const ends = this.#readEnds();
    return { acknowledged: ends.acknowledged_number, last: ends.last_number };
  }

  /** @throws PORTICO_INVARIANT_BROKEN for a number that was never given out */
  acknowledgeUpTo(number: number): void {
    const ends = this.#readEnds();
    if (number > ends.last_number) {
      throw new InvariantError('PORTICO_INVARIANT_BROKEN', {
        message: `event ${number} was acknowledged, but the last one is ${ends.last_number}`,
        remedy: 'This is a defect in Portico; please report it with the log.',
      });
    }
    if (number <= ends.acknowledged_number) return;
    const row = this.#chainOf.get(number);
    if (row === undefined) throw corruptStore(this.#path, `event ${number} is missing`);
    this.#acknowledge.run(number, row.chain);
    this.#deleteUpTo.run(number);
  }

  /** @throws PORTICO_STORE_CORRUPT when an event is missing or is not what was appended */
  verify(): void {
    const ends = this.#readEnds();
    let number = ends.acknowledged_number;
    let chain = ends.acknowledged_chain;
    for (const row of this.#after.iterate(0, -1)) {
      number += 1;
      chain = link(chain, row.record);
      if (row.number !== number || !chain.equals(row.chain)) {
        throw corruptStore(this.#path, `event ${number} is not what was appended`);
      }
      this.#decode(row);
    }
    if (number !== ends.last_number || !chain.equals(ends.last_chain)) {
      throw corruptStore(this.#path, `events after ${number} are missing`);
    }
  }

  #decode(row: EventRow): NumberedEvent {
    const numbered = decodeEvent(row.record);
    if (numbered === undefined || numbered.number !== row.number) {
      throw corruptStore(this.#path, `event ${row.number} cannot be read`);
    }
    return numbered;
  }

  #readEnds(): Ends {
    const ends = this.#ends.get();
    if (ends === undefined) throw corruptStore(this.#path, 'the ends of the outbox are missing');
    return ends;
  }
}

const link = (previous: Buffer, record: string): Buffer =>
  createHash('sha256').update(previous).update(record, 'utf8').digest();
