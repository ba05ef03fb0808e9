import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { wallMs } from '../../../src/domain/units.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { faultCoded, openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { testKey, unitVector } from '../../helpers/store-data.ts';

const folder = scratchFolder();
let made = 0;
const newPath = (): string => join(folder, `store-${++made}.db`);

const ada = {
  identityId: 'p-1',
  name: 'Ada 阿达',
  validFromMs: wallMs(1000),
  validUntilMs: wallMs(2000),
  scheduleId: 'day-shift',
};
const template = { modelId: 'encoder-a', embedding: unitVector(1) };

describe('store of people', () => {
  it('gives back an enrolled person, field by field, after reopening', () => {
    const path = newPath();
    const store = openTestStore(path);
    store.enrol({ ...ada, templates: [template] });
    store.close();

    const reopened = openTestStore(path, { create: false });
    assert.deepEqual(reopened.identities(), [ada]);
    const [record] = reopened.templatesOf('p-1');
    assert.equal(record?.modelId, 'encoder-a');
    assert.equal(record?.enrolledAtMs, new FakeClock().wall());
    const block = reopened.snapshot().block('encoder-a');
    assert.deepEqual(block?.products.matrix.slice(0, 64), template.embedding, 'bit for bit');
    reopened.close();
  });

  it('keeps its file from everybody else', () => {
    const path = newPath();
    const store = openTestStore(path);
    for (const file of [path, `${path}-wal`, `${path}-shm`]) {
      assert.equal(statSync(file).mode & 0o777, 0o600, file);
    }
    store.close();
  });

  it('changes and deletes people, and forgets them everywhere', () => {
    const store = openTestStore(newPath());
    store.enrol({ ...ada, templates: [template] });
    store.enrol({ identityId: 'p-2', name: 'Bo', templates: [] });
    assert.equal(store.updateIdentity({ identityId: 'p-1', name: 'Ada L.' }), 'erased');
    assert.deepEqual(store.identity('p-1'), { identityId: 'p-1', name: 'Ada L.' });
    assert.equal(store.templatesOf('p-1').length, 1, 'templates stay');
    assert.equal(store.deleteIdentity('p-1'), 'erased');
    assert.equal(store.identity('p-1'), undefined);
    assert.deepEqual(store.templatesOf('p-1'), []);
    assert.deepEqual(store.snapshot().modelIds(), []);
    assert.deepEqual(
      store.identities().map(({ identityId }) => identityId),
      ['p-2'],
    );
    store.close();
  });

  it('refuses what cannot be enrolled and changes nothing', () => {
    const store = openTestStore(newPath());
    store.enrol({ ...ada, templates: [template] });
    const refused = faultCoded('PORTICO_ENROL_REFUSED');
    const newcomer = { identityId: 'p-3', name: 'Cy', templates: [template] };
    const long = Float32Array.from({ length: 64 }, () => 1);
    const broken = Float32Array.from({ length: 64 }, () => Number.NaN);
    const wrong = [
      { ...newcomer, identityId: 'p-1' },
      { ...newcomer, identityId: '../p' },
      { ...newcomer, name: '' },
      { ...newcomer, validFromMs: wallMs(5), validUntilMs: wallMs(5) },
      { ...newcomer, templates: [{ ...template, embedding: long }] },
      { ...newcomer, templates: [{ ...template, embedding: broken }] },
      { ...newcomer, templates: [{ ...template, embedding: unitVector(1, 32) }] },
      { ...newcomer, templates: [template, { modelId: 'b c', embedding: unitVector(1) }] },
    ];
    for (const enrolment of wrong) assert.throws(() => store.enrol(enrolment), refused);
    assert.throws(() => store.addTemplates('p-1', [{ ...template, embedding: long }]), refused);
    assert.deepEqual(store.identities(), [ada]);
    assert.equal(store.templatesOf('p-1').length, 1);
    store.close();
  });

  it('names an unknown person in its refusal', () => {
    const store = openTestStore(newPath());
    const unknown = faultCoded('PORTICO_STORE_UNKNOWN_IDENTITY');
    assert.throws(() => store.deleteIdentity('p-9'), unknown);
    assert.throws(() => store.updateIdentity({ identityId: 'p-9', name: 'No' }), unknown);
    assert.throws(() => store.addTemplates('p-9', [template]), unknown);
    store.close();
  });

  it('follows what another process changed, and hands out the same gallery until then', () => {
    const path = newPath();
    const gate = openTestStore(path);
    const shell = openTestStore(path);
    gate.enrol({ ...ada, templates: [template] });
    const before = gate.snapshot();
    assert.equal(gate.snapshot(), before);
    assert.equal(gate.hasChangedSince(before), false);
    shell.append({ type: 'gate.stopped' });
    assert.equal(gate.hasChangedSince(before), false, 'an event is no change of the roster');

    shell.enrol({ identityId: 'p-2', name: 'Bo', templates: [template] });
    shell.addTemplates('p-1', [{ modelId: 'encoder-a', embedding: unitVector(2) }]);
    assert.equal(gate.hasChangedSince(before), true);
    assert.equal(gate.snapshot().block('encoder-a')?.rows, 3);
    assert.equal(before.block('encoder-a')?.rows, 1, 'the old gallery is as it was');

    shell.deleteIdentity('p-1');
    gate.enrol({ identityId: 'p-4', name: 'Di', templates: [template] });
    assert.deepEqual(gate.identities(), shell.identities());
    assert.equal(gate.snapshot().version, shell.snapshot().version);
    gate.close();
    shell.close();
  });

  it('refuses an encoder of another size that a second process has used meanwhile', () => {
    const path = newPath();
    const gate = openTestStore(path);
    const shell = openTestStore(path);
    shell.enrol({ identityId: 'p-1', name: 'Ada', templates: [template] });
    const small = { modelId: 'encoder-a', embedding: unitVector(1, 32) };
    assert.throws(
      () => gate.enrol({ identityId: 'p-2', name: 'Bo', templates: [small] }),
      faultCoded('PORTICO_ENROL_REFUSED'),
    );
    shell.deleteIdentity('p-1');
    gate.enrol({ identityId: 'p-2', name: 'Bo', templates: [small] });
    assert.equal(shell.snapshot().block('encoder-a')?.dimension, 32);
    gate.close();
    shell.close();
  });

  it('copies itself to a backup that opens with the same key, and never over a file', async () => {
    const path = newPath();
    const store = openTestStore(path);
    store.enrol({ ...ada, templates: [template] });
    const copy = newPath();
    await store.backup(copy);
    await assert.rejects(store.backup(copy), faultCoded('PORTICO_STORE_WRITE'));
    assert.equal(statSync(copy).mode & 0o777, 0o600);
    const restored = openTestStore(copy, { create: false });
    assert.deepEqual(restored.identities(), [ada]);
    restored.close();
    store.close();
  });

  it('is closed once and for all', () => {
    const path = newPath();
    const store = openTestStore(path);
    store.close();
    store.close();
    assert.equal(existsSync(`${path}-wal`), false);
    assert.throws(() => store.identities(), TypeError);
  });
});

describe('events of the store', () => {
  it('numbers them without gaps over reopening, processes and acknowledgements', () => {
    const path = newPath();
    const store = openTestStore(path);
    const other = openTestStore(path);
    const numbers = [
      store.append({ type: 'door.forced' }).number,
      other.append({ type: 'door.closed' }).number,
      store.append({ type: 'gate.stopped' }).number,
    ];
    assert.deepEqual(numbers, [1, 2, 3]);
    assert.deepEqual(
      store.eventsAfter(1, 10).map(({ number, event }) => [number, event.type]),
      [
        [2, 'door.closed'],
        [3, 'gate.stopped'],
      ],
    );
    assert.equal(store.eventsAfter(0, 1).length, 1);
    store.acknowledgeUpTo(3);
    store.acknowledgeUpTo(2);
    assert.deepEqual(store.eventsAfter(0, 10), []);
    store.close();
    other.close();
    const reopened = openTestStore(path, { create: false });
    assert.equal(reopened.append({ type: 'door.forced' }).number, 4);
    reopened.close();
  });

  it('refuses the acknowledgement of an event that never was', () => {
    const store = openTestStore(newPath());
    assert.throws(() => store.acknowledgeUpTo(1), faultCoded('PORTICO_INVARIANT_BROKEN'));
    store.close();
  });

  it('knows a command that it has seen, also after reopening and a jump of the clock', () => {
    const path = newPath();
    const clock = new FakeClock();
    const store = openTestStore(path, { clock });
    const expiry = wallMs(clock.wall() + 60_000);
    assert.equal(store.commandSeen('n-1', expiry), 'first-seen');
    store.close();
    clock.stepWall(365 * 86_400_000);
    const reopened = openTestStore(path, { clock });
    assert.equal(reopened.commandSeen('n-2', expiry), 'first-seen');
    assert.equal(reopened.commandSeen('n-1', expiry), 'replayed');
    reopened.close();
  });

  it('keeps settings, sealed', () => {
    const path = newPath();
    const store = openTestStore(path);
    assert.equal(store.setting('door.locked-down'), undefined);
    store.setSetting('door.locked-down', 'yes "since" noon ');
    store.setSetting('door.locked-down', 'x'.repeat(300));
    store.setSetting('door.locked-down', 'no ');
    store.close();
    const reopened = openTestStore(path);
    assert.equal(reopened.setting('door.locked-down'), 'no ');
    reopened.close();
  });
});

describe('master key of the store', () => {
  it('refuses the key of another store before anything is read', () => {
    const path = newPath();
    openTestStore(path).close();
    assert.throws(() => openTestStore(path, { key: testKey(8) }), faultCoded('PORTICO_STORE_KEY'));
  });

  it('rotates to a new key: the old one opens nothing, everybody is still there', () => {
    const path = newPath();
    const store = openTestStore(path);
    const other = openTestStore(path);
    store.enrol({ ...ada, templates: [template] });
    store.setSetting('a', 'b');
    store.rewrapDataKeys(testKey(9));
    store.enrol({ identityId: 'p-2', name: 'Bo', templates: [template] });
    assert.throws(() => other.identities(), faultCoded('PORTICO_STORE_KEY'));
    assert.throws(
      () => other.enrol({ identityId: 'p-3', name: 'Cy', templates: [] }),
      faultCoded('PORTICO_STORE_KEY'),
    );
    other.close();
    store.close();
    assert.throws(() => openTestStore(path), faultCoded('PORTICO_STORE_KEY'));
    const reopened = openTestStore(path, { key: testKey(9) });
    assert.equal(reopened.identities().length, 2);
    assert.equal(reopened.setting('a'), 'b');
    reopened.rewrapDataKeys(testKey(10));
    reopened.close();
    const again = openTestStore(path, { key: testKey(10) });
    assert.equal(again.snapshot().block('encoder-a')?.rows, 2);
    again.close();
  });
});
