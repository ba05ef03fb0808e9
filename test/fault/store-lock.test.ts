import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import Database from 'better-sqlite3';
import { faultCoded, openTestStore, scratchFolder } from '../helpers/store-bench.ts';

describe('a store that another process keeps busy', () => {
  it('can be read, refuses to be written after a while, and works again afterwards', () => {
    const path = join(scratchFolder(), 'busy.db');
    const store = openTestStore(path);
    store.enrol({ identityId: 'p-1', name: 'Ada', templates: [] });
    const hog = new Database(path);
    hog.exec('BEGIN IMMEDIATE');
    assert.equal(store.identities().length, 1);
    assert.throws(() => store.append({ type: 'door.forced' }), faultCoded('PORTICO_STORE_LOCKED'));
    assert.throws(() => store.deleteIdentity('p-1'), faultCoded('PORTICO_STORE_LOCKED'));
    assert.equal(store.identity('p-1')?.name, 'Ada', 'what was refused did not happen');
    hog.exec('ROLLBACK');
    assert.equal(store.append({ type: 'door.forced' }).number, 1);
    store.deleteIdentity('p-1');
    assert.deepEqual(store.identities(), []);
    hog.close();
    store.close();
  });
});
