import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { PorticoError } from '../../../src/domain/errors.ts';
import { wallMs } from '../../../src/domain/units.ts';
import type { Store } from '../../../src/gallery/store.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { faultCoded, openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { templateRows, unitVector } from '../../helpers/store-data.ts';

const folder = scratchFolder();
/** Raise for a long search: STORE_DAMAGE_CASES=100000. */
const { STORE_DAMAGE_CASES = '120' } = process.env;
const CASES = Number(STORE_DAMAGE_CASES);
/** Bytes of the header that hold the schema version and the application id. */
const isIdentification = (offset: number): boolean =>
  (offset >= 60 && offset < 64) || (offset >= 68 && offset < 72);

function fill(store: Store): void {
  for (let person = 0; person < 12; person += 1) {
    store.enrol({
      identityId: `p-${person}`,
      name: `Name ${person}`,
      validFromMs: wallMs(person),
      templates: [{ modelId: 'encoder-a', embedding: unitVector(person) }],
    });
  }
  store.deleteIdentity('p-3');
  for (let event = 0; event < 8; event += 1) store.append({ type: 'door.closed' });
  store.acknowledgeUpTo(2);
  store.setSetting('a', 'b');
  store.commandSeen('nonce-1', wallMs(5));
}

/** All that a store answers, as text. */
function contentOf(store: Store): string {
  return JSON.stringify({
    people: store.identities(),
    templates: store.identities().map(({ identityId }) => store.templatesOf(identityId)),
    matrix: templateRows(store.snapshot(), 'encoder-a').map(([id, row]) => [id, ...row]),
    events: store.eventsAfter(0, 100),
    setting: store.setting('a'),
  });
}

const original = join(folder, 'original.db');
const first = openTestStore(original);
fill(first);
const expected = contentOf(first);
first.close();
const healthy = readFileSync(original);

/** Opens a store of these bytes: equal content, or the code of its refusal. */
function open(bytes: Buffer): string {
  const path = join(folder, 'damaged.db');
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  writeFileSync(path, bytes);
  let store: Store;
  try {
    store = openTestStore(path, { create: true });
  } catch (error) {
    assert.ok(error instanceof PorticoError, String(error));
    return error.code;
  }
  try {
    if (store.commandSeen('nonce-1', wallMs(5)) !== 'replayed') return 'FORGOTTEN COMMAND';
    return contentOf(store) === expected ? 'equal' : 'DIFFERENT CONTENT';
  } finally {
    store.close();
  }
}

describe('a damaged store', () => {
  it('opens with equal content or is refused, wherever a byte is wrong', () => {
    const random = seededRandom(31);
    const seen = new Map<string, number>();
    for (let round = 0; round < CASES; round += 1) {
      const bytes = Buffer.from(healthy);
      // Every third case hits the header, which has more ways to mislead than its size suggests.
      const reach = round % 3 === 0 ? 100 : bytes.length;
      const offset = Math.floor(random() * reach);
      const before = bytes[offset] ?? 0;
      bytes[offset] = before ^ (1 + Math.floor(random() * 255));
      const outcome = open(bytes);
      const allowed = isIdentification(offset)
        ? ['PORTICO_STORE_CORRUPT', 'PORTICO_STORE_FOREIGN', 'PORTICO_STORE_NEWER']
        : ['PORTICO_STORE_CORRUPT', 'equal'];
      assert.ok(
        allowed.includes(outcome),
        `byte ${offset} from ${before} to ${bytes[offset]}: ${outcome}`,
      );
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
    }
    assert.ok((seen.get('PORTICO_STORE_CORRUPT') ?? 0) > CASES / 10, 'some damage matters');
    assert.ok((seen.get('equal') ?? 0) > 0, 'some damage does not');
  });

  it('is refused when stretches are overwritten, zeroed or torn off', () => {
    const random = seededRandom(32);
    for (let round = 0; round < CASES / 3; round += 1) {
      const bytes = Buffer.from(healthy);
      const start = Math.floor(random() * bytes.length);
      const length = 1 + Math.floor(random() * 9000);
      if (round % 3 === 0) bytes.fill(0, start, Math.min(start + length, bytes.length));
      if (round % 3 === 1) {
        for (let at = start; at < Math.min(start + length, bytes.length); at += 1) {
          bytes[at] = Math.floor(random() * 256);
        }
      }
      const outcome = open(round % 3 === 2 ? bytes.subarray(0, start) : bytes);
      const allowed = ['PORTICO_STORE_CORRUPT', 'equal', 'PORTICO_STORE_FOREIGN'];
      assert.ok(
        allowed.includes(outcome),
        `${length} bytes at ${start}, kind ${round % 3}: ${outcome}`,
      );
    }
    assert.equal(open(Buffer.alloc(0)), 'PORTICO_STORE_CORRUPT', 'an empty file is no new store');
    assert.equal(open(healthy.subarray(0, 100)), 'PORTICO_STORE_CORRUPT');
  });

  it('is as it once was, never a mixture, when its log is torn or damaged', () => {
    const path = join(folder, 'logged.db');
    const store = openTestStore(path);
    const states = [contentOf(store)];
    for (let person = 0; person < 8; person += 1) {
      const template = { modelId: 'encoder-a', embedding: unitVector(person) };
      store.enrol({ identityId: `p-${person}`, name: 'N', templates: [template] });
      states.push(contentOf(store));
      store.append({ type: 'door.forced' });
      states.push(contentOf(store));
    }
    const [database, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
    store.close();
    const copy = join(folder, 'torn.db');
    const random = seededRandom(33);
    const seen = new Set<number>();
    for (let round = 0; round < CASES / 3; round += 1) {
      rmSync(`${copy}-shm`, { force: true });
      writeFileSync(copy, database);
      const at = Math.floor(random() * log.length);
      const bytes = Buffer.from(log);
      bytes[at] = (bytes[at] ?? 0) ^ (1 + Math.floor(random() * 255));
      writeFileSync(`${copy}-wal`, round % 2 === 0 ? bytes : log.subarray(0, at));
      const torn = openTestStore(copy, { create: false });
      const state = states.indexOf(contentOf(torn));
      assert.ok(
        state >= 0,
        `${round % 2 === 0 ? 'flip' : 'cut'} at ${at} gives a state that never was`,
      );
      seen.add(state);
      torn.close();
    }
    assert.ok(seen.size > states.length / 2, 'many different states were reached');
  });

  it('is not replaced by a new one when only its log is left', () => {
    const path = join(folder, 'gone.db');
    writeFileSync(`${path}-wal`, Buffer.alloc(32));
    assert.throws(() => openTestStore(path), faultCoded('PORTICO_STORE_CORRUPT'));
  });

  it('shows when a person was taken out of the file with a tool', () => {
    const path = join(folder, 'taken.db');
    writeFileSync(path, healthy);
    const tool = new Database(path);
    tool.exec("DELETE FROM templates WHERE identity_id = 'p-5'");
    tool.exec("DELETE FROM identities WHERE identity_id = 'p-5'");
    tool.close();
    assert.throws(() => openTestStore(path), faultCoded('PORTICO_STORE_CORRUPT'));
  });

  it('shows when rows were exchanged, altered or given a trigger with a tool', () => {
    const tampering = [
      "UPDATE identities SET details_slot = (SELECT details_slot FROM identities WHERE identity_id = 'p-6') WHERE identity_id = 'p-5'",
      "UPDATE templates SET identity_id = 'p-5' WHERE identity_id = 'p-6'",
      "UPDATE templates SET enrolled_at_ms = 1 WHERE identity_id = 'p-6'",
      "UPDATE templates SET model_id = 'encoder-b'",
      "UPDATE events SET record = replace(record, 'closed', 'forced') WHERE number = 5",
      'DELETE FROM events WHERE number = 8',
      'UPDATE store SET revision = revision + 1',
      'CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM events; END',
    ];
    for (const sql of tampering) {
      const path = join(folder, 'tampered.db');
      writeFileSync(path, healthy);
      const tool = new Database(path);
      tool.exec(sql);
      tool.close();
      assert.throws(() => openTestStore(path), faultCoded('PORTICO_STORE_CORRUPT'), sql);
    }
  });
});

describe('a file that is not a store of this Portico', () => {
  it('is refused when missing, unless a new store is wanted', () => {
    const path = join(folder, 'deep', 'er', 'new.db');
    assert.throws(
      () => openTestStore(path, { create: false }),
      faultCoded('PORTICO_STORE_MISSING'),
    );
    openTestStore(path).close();
    openTestStore(path, { create: false }).close();
  });

  it('is refused untouched when it is another program’s database', () => {
    const path = join(folder, 'foreign.db');
    const foreign = new Database(path);
    foreign.exec('CREATE TABLE bookmarks (url TEXT)');
    foreign.close();
    const before = readFileSync(path);
    assert.throws(() => openTestStore(path), faultCoded('PORTICO_STORE_FOREIGN'));
    assert.deepEqual(readFileSync(path), before);
  });

  it('is refused when it is no database at all', () => {
    const path = join(folder, 'letter.txt');
    writeFileSync(path, 'Dear installer, '.repeat(100));
    assert.throws(() => openTestStore(path), faultCoded('PORTICO_STORE_CORRUPT'));
    assert.throws(() => openTestStore(folder), faultCoded('PORTICO_STORE_WRITE'));
  });

  it('is refused when a newer Portico wrote it', () => {
    const path = join(folder, 'newer.db');
    writeFileSync(path, healthy);
    const newer = new Database(path);
    newer.pragma('user_version = 99');
    newer.close();
    assert.throws(() => openTestStore(path), faultCoded('PORTICO_STORE_NEWER'));
  });
});
