import type { Database, Statement } from 'better-sqlite3';
import type { WallMs } from '../domain/units.ts';

/** Commands already obeyed, so that a replay is known. Call within a transaction. */
export class CommandLog {
  /** Expired nonces are kept up to this many: a clock that jumps ahead must not forget the recent ones. */
  static readonly KEPT = 10_000;
  readonly #insert: Statement<[string, number]>;
  readonly #count: Statement<[], { readonly rows: number }>;
  readonly #purge: Statement<[number, number]>;

  constructor(db: Database) {
    this.#insert = db.prepare('INSERT OR IGNORE INTO commands_seen VALUES (?, ?)');
    this.#count = db.prepare('SELECT count(*) AS rows FROM commands_seen');
    this.#purge = db.prepare(
      'DELETE FROM commands_seen WHERE nonce IN (SELECT nonce FROM commands_seen WHERE expires_at_ms < ? ORDER BY expires_at_ms LIMIT ?)',
    );
  }

  /** Remembers the nonce; 'replayed' when it was there before. */
  note(nonce: string, expiresAtMs: WallMs, now: WallMs): 'first-seen' | 'replayed' {
    if (this.#insert.run(nonce, expiresAtMs).changes === 0) return 'replayed';
    const surplus = (this.#count.get()?.rows ?? 0) - CommandLog.KEPT;
    if (surplus > 0) this.#purge.run(now, surplus);
    return 'first-seen';
  }
}
