import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { RosterChange } from '../../../src/domain/roster.ts';
import { ENCODER, person } from '../../helpers/site-fixture.ts';
import { faultCoded, openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { templateRows, unitVector } from '../../helpers/store-data.ts';

const folder = scratchFolder();
let made = 0;
const freshPath = (): string => {
  made += 1;
  return join(folder, `roster-${made}.db`);
};
const put = (identityId: string, version: number, seed = version): RosterChange => ({
  kind: 'person',
  mark: { identityId, kind: 'person', version, digest: `d${version}`, isVouchedFor: false },
  person: person(identityId, seed),
});
const remove = (identityId: string, version: number): RosterChange => ({
  kind: 'tombstone',
  mark: { identityId, kind: 'tombstone', version, digest: `d${version}`, isVouchedFor: false },
});

describe('Store.applyRoster', () => {
  it('adds, replaces and deletes people with their template ids, and remembers the versions', () => {
    const path = freshPath();
    const store = openTestStore(path);
    store.applyRoster([put('a', 1), put('b', 1, 5)]);
    store.applyRoster([put('a', 2), remove('b', 2)]);
    const check = (opened: typeof store): void => {
      assert.deepEqual(
        opened.templatesOf('a').map(({ templateId }) => templateId),
        ['a.2'],
      );
      assert.equal(opened.identity('b'), undefined);
      const rows = templateRows(opened.snapshot(), ENCODER.modelId);
      assert.deepEqual(rows, [['a.2', unitVector(2, ENCODER.dimension)]]);
      assert.deepEqual(
        opened.rosterMarks().map(({ identityId, kind, version }) => [identityId, kind, version]),
        [
          ['a', 'person', 2],
          ['b', 'tombstone', 2],
        ],
      );
    };
    check(store);
    store.close();
    const again = openTestStore(path);
    check(again);
    again.close();
  });

  it('takes over a person who was enrolled here by hand', () => {
    const store = openTestStore(freshPath());
    const embedding = unitVector(40, ENCODER.dimension);
    store.enrol({
      identityId: 'a',
      name: 'By hand',
      templates: [{ modelId: ENCODER.modelId, embedding }],
    });
    store.applyRoster([put('a', 1)]);
    assert.equal(store.identity('a')?.name, 'Name 1');
    assert.equal(store.templatesOf('a').length, 1);
    store.close();
  });

  it('changes nothing when one record of a batch cannot be stored', () => {
    const store = openTestStore(freshPath());
    store.applyRoster([put('a', 1)]);
    const thief: RosterChange = {
      ...put('b', 1),
      kind: 'person',
      person: {
        identity: { identityId: 'b', name: 'B' },
        templates: [{ ...person('b', 3).templates[0]!, templateId: 'a.1' }],
      },
    };
    assert.throws(
      () => store.applyRoster([put('c', 1, 8), thief]),
      faultCoded('PORTICO_ENROL_REFUSED'),
    );
    assert.deepEqual(
      store.identities().map(({ identityId }) => identityId),
      ['a'],
    );
    assert.equal(store.rosterMarks().length, 1);
    store.close();
  });

  it('vouches for what is there, and no longer after a change', () => {
    const store = openTestStore(freshPath());
    store.applyRoster([put('a', 1), put('b', 1, 9)]);
    store.vouchForRoster();
    store.applyRoster([put('a', 2)]);
    assert.deepEqual(
      store.rosterMarks().map(({ isVouchedFor }) => isVouchedFor),
      [false, true],
    );
    store.forgetRosterDigests();
    assert.deepEqual(
      store.rosterMarks().map(({ digest }) => digest),
      ['', ''],
    );
    store.close();
  });
});

describe('Store.outboxRecordsAfter', () => {
  it('hands out the exact text with both hashes of the chain, also past what was acknowledged', () => {
    const store = openTestStore(freshPath());
    for (let count = 0; count < 5; count += 1) store.append({ type: 'door.forced' });
    store.acknowledgeUpTo(2);
    const records = store.outboxRecordsAfter(0, 10);
    assert.deepEqual(
      records.map(({ number }) => number),
      [3, 4, 5],
    );
    for (const [index, { record, previousHash, hash }] of records.entries()) {
      const expected = createHash('sha256').update(previousHash).update(record).digest();
      assert.deepEqual(Buffer.from(hash), expected);
      if (index > 0) assert.deepEqual(previousHash, records[index - 1]?.hash);
    }
    assert.deepEqual(store.outboxRecordsAfter(3, 1)[0]?.previousHash, records[0]?.hash);
    assert.deepEqual(store.outboxRange(), { acknowledged: 2, last: 5 });
    store.close();
  });
});
