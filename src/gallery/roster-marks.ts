import type { Database, Statement } from 'better-sqlite3';
import type { RosterMark } from '../domain/roster.ts';

type Row = Omit<RosterMark, 'isVouchedFor'> & { readonly vouchedFor: number };

/** The newest record of each person that came over the site. Call within a transaction. */
export class RosterMarks {
  readonly #all: Statement<[], Row>;
  readonly #put: Statement<[string, string, number, string]>;
  readonly #vouch: Statement<[]>;
  readonly #forget: Statement<[]>;

  constructor(db: Database) {
    this.#all = db.prepare(
      'SELECT identity_id AS identityId, kind, version, digest, vouched_for AS vouchedFor FROM roster_marks ORDER BY identity_id',
    );
    this.#put = db.prepare('INSERT OR REPLACE INTO roster_marks VALUES (?, ?, ?, ?, 0)');
    this.#vouch = db.prepare('UPDATE roster_marks SET vouched_for = 1 WHERE vouched_for = 0');
    this.#forget = db.prepare("UPDATE roster_marks SET digest = ''");
  }

  all(): readonly RosterMark[] {
    return this.#all.all().map(({ vouchedFor, ...mark }) => ({
      ...mark,
      isVouchedFor: vouchedFor === 1,
    }));
  }

  put({ identityId, kind, version, digest }: RosterMark): void {
    this.#put.run(identityId, kind, version, digest);
  }

  vouch(): void {
    this.#vouch.run();
  }

  forgetDigests(): void {
    this.#forget.run();
  }
}
