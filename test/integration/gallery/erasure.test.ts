import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import type { Store } from '../../../src/gallery/store.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { unitVector } from '../../helpers/store-data.ts';

const folder = scratchFolder();
const DIMENSION = 512;
/** Any window of this many sealed or plain bytes found again counts as a trace. */
const WINDOW_BYTES = 16;

/** Everything of the store that lies on the disk, in one buffer. */
function filesOf(path: string): Buffer {
  const names = [path, `${path}-wal`, `${path}-shm`, `${path}-journal`];
  return Buffer.concat(names.filter((name) => existsSync(name)).map((name) => readFileSync(name)));
}

/** Sealed bytes in use now, by slot. */
function sealedSlots(path: string): Map<number, Buffer> {
  const db = new Database(path, { readonly: true });
  const rows = db
    .prepare<[], { slot: number; sealed: Buffer }>('SELECT slot, sealed FROM vault WHERE in_use')
    .all();
  db.close();
  return new Map(rows.map(({ slot, sealed }) => [slot, sealed]));
}

/** What was sealed before and is not any more. */
function erasedBetween(before: Map<number, Buffer>, after: Map<number, Buffer>): Buffer[] {
  const living = new Set([...after.values()].map((sealed) => sealed.toString('base64')));
  return [...before.values()].filter((sealed) => !living.has(sealed.toString('base64')));
}

function hasTrace(files: Buffer, secret: Buffer): boolean {
  for (let start = 0; start + WINDOW_BYTES <= secret.length; start += WINDOW_BYTES) {
    if (files.includes(secret.subarray(start, start + WINDOW_BYTES))) return true;
  }
  return false;
}

const nameOf = (person: number): string => `Secret Name ${person} ${'Ω'.repeat(person % 90)}`;

function enrol(store: Store, person: number): void {
  const templates = [0, 1].map((sample) => ({
    modelId: sample === 0 ? 'encoder-a' : 'encoder-b',
    embedding: unitVector(person * 2 + sample, sample === 0 ? DIMENSION : DIMENSION / 4),
  }));
  store.enrol({ identityId: `p-${person}`, name: nameOf(person), templates });
}

function plainTemplates(person: number): Buffer[] {
  return [unitVector(person * 2, DIMENSION), unitVector(person * 2 + 1, DIMENSION / 4)].map(
    (vector) => Buffer.from(vector.buffer),
  );
}

describe('deleting a person', () => {
  it('leaves no byte of the key, the details or the templates in any file', () => {
    const path = join(folder, 'churn.db');
    const store = openTestStore(path);
    const random = seededRandom(20);
    const living: number[] = [];
    let next = 0;
    const erased: Buffer[] = [];
    for (let step = 0; step < 160; step += 1) {
      const before = sealedSlots(path);
      const roll = random();
      if (living.length < 12 || roll < 0.45) {
        enrol(store, next);
        living.push(next);
        next += 1;
        continue;
      }
      const [person = 0] = living.splice(Math.floor(random() * living.length), 1);
      if (roll < 0.8) {
        assert.ok(plainTemplates(person).length > 0);
        assert.equal(store.deleteIdentity(`p-${person}`), 'erased');
      } else {
        living.push(person);
        assert.equal(
          store.updateIdentity({ identityId: `p-${person}`, name: `New ${nameOf(step)}` }),
          'erased',
        );
      }
      erased.push(...erasedBetween(before, sealedSlots(path)));
    }
    assert.ok(erased.length > 100, 'something was erased');
    const files = filesOf(path);
    for (const sealed of sealedSlots(path).values()) {
      assert.ok(hasTrace(files, sealed), 'the scan finds what is there');
    }
    const traces = erased.filter((sealed) => hasTrace(files, sealed));
    assert.equal(traces.length, 0, `${traces.length} of ${erased.length} left traces`);
    store.close();
    assert.equal(erased.filter((sealed) => hasTrace(filesOf(path), sealed)).length, 0);
  });

  it('never had the name or a template on the disk in the clear', () => {
    const path = join(folder, 'clear.db');
    const store = openTestStore(path);
    for (let person = 0; person < 20; person += 1) enrol(store, person);
    const files = filesOf(path);
    assert.ok(files.includes('p-7'), 'the scan finds the opaque id, which is in the clear');
    for (let person = 0; person < 20; person += 1) {
      assert.equal(files.includes(nameOf(person).slice(0, 13)), false);
      for (const plain of plainTemplates(person)) assert.equal(hasTrace(files, plain), false);
    }
    store.close();
  });

  it('uses the room of the deleted again', () => {
    const path = join(folder, 'room.db');
    const store = openTestStore(path);
    for (let person = 0; person < 30; person += 1) enrol(store, person);
    store.checkpoint();
    const full = readFileSync(path).length;
    for (let round = 0; round < 3; round += 1) {
      for (let person = 0; person < 30; person += 1) store.deleteIdentity(`p-${person}`);
      for (let person = 0; person < 30; person += 1) enrol(store, person);
    }
    store.checkpoint();
    const now = readFileSync(path).length;
    assert.ok(now <= full * 1.2, `${now} bytes, ${full} before`);
    store.close();
  });

  it('erases at the next opening what a crash left in the log', () => {
    const path = join(folder, 'reader.db');
    const store = openTestStore(path);
    enrol(store, 1);
    const before = sealedSlots(path);
    store.close();

    const reader = new Database(path);
    const crashing = openTestStore(path);
    reader.pragma('busy_timeout = 0');
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM identities').get();
    // A reader that began earlier keeps the log alive, as a crash before the checkpoint would.
    assert.equal(crashing.deleteIdentity('p-1'), 'erasure-pending');
    const erased = erasedBetween(before, sealedSlots(path));
    assert.ok(erased.some((sealed) => hasTrace(filesOf(path), sealed)));
    reader.exec('COMMIT');
    const reopened = openTestStore(path);
    assert.equal(
      erased.some((sealed) => hasTrace(filesOf(path), sealed)),
      false,
    );
    reopened.close();
    crashing.close();
    reader.close();
  });
});
