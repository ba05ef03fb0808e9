import type { Database } from 'better-sqlite3';

/**
 * One step forward of the schema. Steps are only ever appended: what stands here has run on doors.
 * Step n takes a store of version n to version n + 1; version 0 is an empty file.
 */
export interface Migration {
  readonly summary: string;
  readonly sql: string;
}

/*
 * Everything secret lies in `vault`, whose rows are appended, overwritten in place by as many bytes,
 * and never deleted. SQLite then never moves such a row to another page, so no stale copy of it can
 * outlive its erasure. The other tables hold opaque ids and slot numbers only.
 */
const FIRST: Migration = {
  summary: 'people, templates, events, commands and settings',
  sql: `
    CREATE TABLE vault (
      slot INTEGER PRIMARY KEY, in_use INTEGER NOT NULL, sealed BLOB NOT NULL
    ) STRICT;
    CREATE INDEX vault_free ON vault (length(sealed)) WHERE in_use = 0;
    CREATE TABLE store (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      key_version INTEGER NOT NULL, key_fingerprint BLOB NOT NULL,
      key_slot INTEGER NOT NULL REFERENCES vault (slot),
      revision INTEGER NOT NULL,
      census_slot INTEGER NOT NULL REFERENCES vault (slot)
    ) STRICT;
    CREATE TABLE identities (
      identity_id TEXT PRIMARY KEY NOT NULL, revision INTEGER NOT NULL,
      key_slot INTEGER NOT NULL REFERENCES vault (slot),
      details_slot INTEGER NOT NULL REFERENCES vault (slot)
    ) STRICT;
    CREATE TABLE templates (
      template_id TEXT PRIMARY KEY NOT NULL,
      identity_id TEXT NOT NULL REFERENCES identities (identity_id),
      model_id TEXT NOT NULL, enrolled_at_ms INTEGER NOT NULL,
      slot INTEGER NOT NULL REFERENCES vault (slot)
    ) STRICT;
    CREATE INDEX templates_of_identity ON templates (identity_id);
    CREATE TABLE events (
      number INTEGER PRIMARY KEY, record TEXT NOT NULL, chain BLOB NOT NULL
    ) STRICT;
    CREATE TABLE outbox (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      acknowledged_number INTEGER NOT NULL, acknowledged_chain BLOB NOT NULL,
      last_number INTEGER NOT NULL, last_chain BLOB NOT NULL
    ) STRICT;
    INSERT INTO outbox VALUES (1, 0, zeroblob(32), 0, zeroblob(32));
    CREATE TABLE commands_seen (
      nonce TEXT PRIMARY KEY NOT NULL, expires_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX commands_by_expiry ON commands_seen (expires_at_ms);
    CREATE TABLE settings (
      setting TEXT PRIMARY KEY NOT NULL, slot INTEGER NOT NULL REFERENCES vault (slot)
    ) STRICT;
  `,
};

const ROSTER_MARKS: Migration = {
  summary: 'the newest record of every person that came over the site, deletions included',
  sql: `
    CREATE TABLE roster_marks (
      identity_id TEXT PRIMARY KEY NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('person', 'tombstone')),
      version INTEGER NOT NULL, digest TEXT NOT NULL, vouched_for INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX roster_marks_to_vouch ON roster_marks (identity_id) WHERE vouched_for = 0;
  `,
};

/** Sealed for auditors before they come here: this store's keys open none of them. */
const PICTURES: Migration = {
  summary: 'sealed pictures that wait for an auditor',
  sql: `
    CREATE TABLE pictures (
      number INTEGER PRIMARY KEY, digest TEXT NOT NULL,
      expires_at_ms INTEGER NOT NULL, sealed TEXT NOT NULL
    ) STRICT;
  `,
};

export const MIGRATIONS: readonly Migration[] = [FIRST, ROSTER_MARKS, PICTURES];

/** Version that `PRAGMA user_version` holds. */
export const schemaVersionOf = (db: Database): number => {
  const version: unknown = db.pragma('user_version', { simple: true });
  return typeof version === 'number' ? version : 0;
};

/** Takes the schema to the end of `migrations`; all steps in one transaction, so all or none. */
export function migrate(db: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const run = db.transaction(() => {
    // Read inside the write lock: another process may have migrated in between.
    for (const { sql } of migrations.slice(schemaVersionOf(db))) db.exec(sql);
    db.pragma(`user_version = ${migrations.length}`);
  });
  run.immediate();
}
