import type { Database, Statement } from 'better-sqlite3';
import type { RosterMark } from '../domain/roster.ts';

/** The newest record of each person that came over the site. Call within a transaction. */
export class RosterMarks {
  readonly #all: Statement<[], RosterMark>;
  readonly #put: Statement<[string, string, number, string]>;
  readonly #forget: Statement<[]>;

  constructor(db: Database) {
    this.#all = db.prepare(
      'SELECT identity_id AS identityId, kind, version, digest FROM roster_marks ORDER BY identity_id',
    );
    this.#put = db.prepare('INSERT OR REPLACE INTO roster_marks VALUES (?, ?, ?, ?)');
    this.#forget = db.prepare("UPDATE roster_marks SET digest = ''");
  }

  all(): readonly RosterMark[] {
    return this.#all.all();
  }

  put({ identityId, kind, version, digest }: RosterMark): void {
    this.#put.run(identityId, kind, version, digest);
  }

  forgetDigests(): void {
    this.#forget.run();
  }
}
