import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { wallMs } from '../../../src/domain/units.ts';
import { MIGRATIONS, type Migration, migrate } from '../../../src/gallery/migrations.ts';
import {
  forgetOlderCopies,
  keepOlderCopy,
  olderCopyPath,
} from '../../../src/gallery/older-copy.ts';
import { stepBack } from '../../../src/gallery/step-back.ts';
import type { Store } from '../../../src/gallery/store.ts';
import { faultCoded, openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { unitVector } from '../../helpers/store-data.ts';

const folder = scratchFolder();
const OURS = MIGRATIONS.length;

const ADDS: Migration = {
  summary: 'badges of people',
  sql: `
    CREATE TABLE badges (
      badge TEXT PRIMARY KEY NOT NULL,
      identity_id TEXT NOT NULL REFERENCES identities (identity_id)
    ) STRICT;
    CREATE INDEX badges_of_identity ON badges (identity_id);
    INSERT INTO badges SELECT 'badge-' || identity_id, identity_id FROM identities;
  `,
};
const ALTERS: Migration = {
  summary: 'events have a place',
  sql: "ALTER TABLE events ADD COLUMN place TEXT NOT NULL DEFAULT 'here'",
};

/** A gate with one person, one event and a lock-down, closed. */
function aStore(name: string): string {
  const path = join(folder, name);
  const store = openTestStore(path);
  const embedding = unitVector(1);
  store.enrol({ identityId: 'ada', name: 'Ada', templates: [{ modelId: 'm', embedding }] });
  store.append({ type: 'door.closed' });
  store.setSetting('lock-down', 'lifted');
  store.close();
  return path;
}

/** What the newer release does at its first start. */
function upgrade(path: string, step: Migration): void {
  const db = new Database(path);
  keepOlderCopy(db, path);
  migrate(db, [...MIGRATIONS, step]);
  db.close();
}

function found(path: string): unknown {
  const store: Store = openTestStore(path, { create: false });
  try {
    return {
      people: store.identities().map(({ name }) => name),
      templates: store.templatesOf('ada').length,
      events: store.eventsAfter(0, 10).map(({ number }) => number),
      lockDown: store.setting('lock-down'),
    };
  } finally {
    store.close();
  }
}
const WHOLE = { people: ['Ada'], templates: 1, events: [1], lockDown: 'lifted' };

describe('stepping back', () => {
  it('leaves a store of this release alone', () => {
    const path = aStore('same.db');
    assert.deepEqual(stepBack(path), { kind: 'not-needed', version: OURS });
    assert.deepEqual(found(path), WHOLE);
  });

  it('strips what a newer release has added, and keeps what was written since', () => {
    const path = aStore('added.db');
    upgrade(path, ADDS);
    assert.throws(() => openTestStore(path), faultCoded('PORTICO_STORE_NEWER'));
    const db = new Database(path);
    db.exec("INSERT INTO commands_seen VALUES ('nonce', 9000000000000)");
    db.close();
    const outcome = stepBack(path);
    assert.deepEqual(outcome, { kind: 'stripped', from: OURS + 1, version: OURS });
    assert.deepEqual(found(path), WHOLE);
    const store = openTestStore(path, { create: false });
    assert.equal(store.commandSeen('nonce', wallMs(9_000_000_000_000)), 'replayed');
    store.close();
  });

  it('brings back the copy where the newer release has altered what was there, and keeps that aside', () => {
    const path = aStore('altered.db');
    upgrade(path, ALTERS);
    const outcome = stepBack(path);
    const newerPath = olderCopyPath(path, OURS + 1);
    assert.deepEqual(outcome, { kind: 'restored', from: OURS + 1, version: OURS, newerPath });
    assert.deepEqual(found(path), WHOLE);
    const aside = new Database(newerPath, { readonly: true });
    assert.equal(aside.pragma('user_version', { simple: true }), OURS + 1);
    aside.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.ok(readdirSync(dirname(path)).every((name) => !name.includes('.new-')));
  });

  it('goes forwards and back again', () => {
    const path = aStore('again.db');
    for (let round = 0; round < 2; round += 1) {
      upgrade(path, ALTERS);
      assert.equal(stepBack(path).kind, 'restored');
    }
    assert.deepEqual(found(path), WHOLE);
  });

  it('does nothing to an altered store of which there is no copy', () => {
    const path = aStore('uncopied.db');
    const db = new Database(path);
    migrate(db, [...MIGRATIONS, ALTERS]);
    db.close();
    assert.throws(() => stepBack(path), faultCoded('PORTICO_STORE_NEWER'));
    const after = new Database(path);
    assert.equal(after.pragma('user_version', { simple: true }), OURS + 1);
    after.close();
  });

  it('leaves a store alone that somebody has open', () => {
    const path = aStore('open.db');
    upgrade(path, ADDS);
    const other = new Database(path);
    other.prepare('SELECT * FROM badges').all();
    assert.throws(() => stepBack(path), faultCoded('PORTICO_STORE_LOCKED'));
    assert.equal(other.prepare('SELECT * FROM badges').all().length, 1);
    other.close();
  });
});

describe('copy before a change of form', () => {
  it('is made by whoever opens an older store', () => {
    const path = join(folder, 'older.db');
    const whole = aStore('whole.db');
    const db = new Database(whole);
    db.exec('DROP TABLE roster_marks; DROP TABLE pictures; PRAGMA user_version = 1');
    db.prepare('VACUUM INTO ?').run(path);
    db.close();
    const older = new Database(path);
    older.pragma('journal_mode = WAL');
    older.close();
    assert.deepEqual(found(path), WHOLE);
    const copy = new Database(olderCopyPath(path, 1), { readonly: true });
    assert.equal(copy.pragma('user_version', { simple: true }), 1);
    copy.close();
    assert.equal(statSync(olderCopyPath(path, 1)).mode & 0o777, 0o600);
  });

  it('goes after fourteen days, as other copies do', () => {
    const path = aStore('aged.db');
    const copy = olderCopyPath(path, 1);
    upgrade(path, ADDS);
    const made = statSync(olderCopyPath(path, OURS)).mtimeMs;
    forgetOlderCopies(path, wallMs(made + 86_400_000));
    assert.ok(existsSync(olderCopyPath(path, OURS)));
    utimesSync(olderCopyPath(path, OURS), made / 1_000, made / 1_000);
    forgetOlderCopies(path, wallMs(made + 15 * 86_400_000));
    assert.ok(!existsSync(olderCopyPath(path, OURS)) && !existsSync(copy));
    assert.ok(existsSync(path), basename(path));
  });
});
