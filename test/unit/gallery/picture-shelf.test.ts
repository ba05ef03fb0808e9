import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { wallMs } from '../../../src/domain/units.ts';
import { MIGRATIONS } from '../../../src/gallery/migrations.ts';
import { keepOlderCopy, olderCopyPath } from '../../../src/gallery/older-copy.ts';
import { PICTURES_MAX } from '../../../src/gallery/picture-shelf.ts';
import { stepBack } from '../../../src/gallery/step-back.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { openTestStore, scratchFolder } from '../../helpers/store-bench.ts';

const folder = scratchFolder();
const HOUR_MS = 3_600_000;
const digestOf = (index: number): string => String(index).padStart(43, 'd');
const sealedOf = (index: number): string => `sealed-${index}-`.repeat(4_000);

function aShelf(name: string) {
  const clock = new FakeClock();
  const path = join(folder, name);
  const store = openTestStore(path, { clock });
  const keep = (index: number, lastsMs = HOUR_MS) =>
    store.pictures.keep({
      of: index,
      digest: digestOf(index),
      sealed: sealedOf(index),
      expiresAtMs: wallMs(clock.wall() + lastsMs),
    });
  return { clock, path, store, keep };
}

/** Whether anything of a picture is in the store's files. */
const isOnDisk = (path: string, index: number): boolean =>
  [path, `${path}-wal`].some(
    (file) => existsSync(file) && readFileSync(file).includes(sealedOf(index).slice(0, 200)),
  );

describe('pictures in the store', () => {
  it('are kept together with the event that announces them, and come back whole', () => {
    const { store, path, clock, keep } = aShelf('kept.db');
    store.append({ type: 'access.denied', reasons: ['no-match'] });
    const { number, event } = keep(1);
    const expiresAtMs = wallMs(clock.wall() + HOUR_MS);
    assert.deepEqual(event, { type: 'picture.taken', of: 1, digest: digestOf(1), expiresAtMs });
    store.close();
    const again = openTestStore(path, { clock });
    assert.deepEqual(again.pictures.after(0, 9), [
      { number, digest: digestOf(1), sealed: sealedOf(1), expiresAtMs },
    ]);
    assert.deepEqual(again.eventsAfter(0, 9).at(-1)?.event, event);
    assert.deepEqual(again.pictures.after(number, 9), []);
    again.close();
  });

  it('are gone from the disk when they expire, the event that told of them is not', () => {
    const { store, path, clock, keep } = aShelf('expired.db');
    keep(1, HOUR_MS);
    keep(2, 3 * HOUR_MS);
    assert.ok(isOnDisk(path, 1));
    store.pictures.expire(wallMs(clock.wall() + HOUR_MS));
    assert.equal(isOnDisk(path, 1), false);
    assert.ok(isOnDisk(path, 2));
    assert.deepEqual(
      store.eventsAfter(0, 9).map(({ number }) => number),
      [1, 2],
    );
    store.close();
  });

  it('are gone too when they expired while the store was closed', async () => {
    const { store, path, clock, keep } = aShelf('slept.db');
    keep(1);
    store.close();
    await clock.advance(HOUR_MS);
    const again = openTestStore(path, { clock });
    assert.equal(again.pictures.count, 0);
    assert.equal(isOnDisk(path, 1), false);
    again.close();
  });

  it('are forgotten one by one, or all', () => {
    const { store, keep } = aShelf('forgotten.db');
    for (const index of [1, 2, 3]) keep(index);
    store.pictures.forget([digestOf(2), digestOf(9)]);
    assert.deepEqual(
      store.pictures.after(0, 9).map(({ digest }) => digest),
      [digestOf(1), digestOf(3)],
    );
    store.pictures.clear();
    assert.equal(store.pictures.count, 0);
    store.close();
  });

  it('never become too many: the oldest go', () => {
    const { store, keep } = aShelf('many.db');
    for (let index = 1; index <= PICTURES_MAX + 5; index += 1) keep(index);
    assert.equal(store.pictures.count, PICTURES_MAX);
    assert.equal(store.pictures.after(0, 1)[0]?.digest, digestOf(6));
    store.close();
  });

  it('stay behind when the store is backed up', async () => {
    const { store, clock, keep } = aShelf('original.db');
    keep(1);
    const copy = join(folder, 'backup.db');
    await store.backup(copy);
    assert.equal(isOnDisk(copy, 1), false);
    store.close();
    const restored = openTestStore(copy, { clock });
    assert.equal(restored.pictures.count, 0);
    assert.equal(restored.eventsAfter(0, 9).length, 1);
    restored.close();
  });

  it('stay behind when the store is copied before its form changes', () => {
    const { store, path, keep } = aShelf('changed.db');
    keep(1);
    store.close();
    const db = new Database(path);
    keepOlderCopy(db, path);
    db.close();
    assert.equal(isOnDisk(olderCopyPath(path, MIGRATIONS.length), 1), false);
    assert.ok(isOnDisk(path, 1));
  });

  it('go when a release without them comes back; its events stay', () => {
    const { store, path, clock, keep } = aShelf('back.db');
    keep(1);
    store.close();
    const before = MIGRATIONS.slice(0, 2);
    assert.deepEqual(stepBack(path, before), { kind: 'stripped', from: 3, version: 2 });
    assert.equal(isOnDisk(path, 1), false);
    assert.deepEqual(stepBack(path, before), { kind: 'not-needed', version: 2 });
    const forwards = openTestStore(path, { clock, create: false });
    assert.deepEqual(
      forwards.eventsAfter(0, 9).map(({ event }) => event.type),
      ['picture.taken'],
    );
    assert.equal(forwards.pictures.count, 0);
    forwards.close();
  });

  it('are not kept where the store cannot write, and neither is their event', () => {
    const { store, keep } = aShelf('closed.db');
    const { number } = store.append({ type: 'door.closed' });
    store.close();
    assert.throws(() => keep(1));
    const again = openTestStore(join(folder, 'closed.db'));
    assert.equal(again.append({ type: 'door.closed' }).number, number + 1);
    again.close();
  });
});
