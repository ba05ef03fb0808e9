import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError } from '../domain/errors.ts';
import { createDatabase, openDatabase } from './database.ts';
import { Keyring } from './keyring.ts';
import { Store, type StoreOptions } from './store.ts';
import { corruptStore, namingFaults } from './store-fault.ts';
import { StoreRow } from './store-row.ts';
import { Vault } from './vault.ts';

/** The version of a new store's master key; each rotation adds one. */
const FIRST_KEY_VERSION = 1;

export interface OpenStoreOptions extends StoreOptions {
  /** Make a new store when there is no file; otherwise a missing file is a fault. */
  readonly create: boolean;
}

/**
 * Opens the store, having read and proved everything in it: structure, schema, every sealed field,
 * the census of people, the chain of events. What opens is whole.
 * @throws PORTICO_STORE_MISSING, _CORRUPT, _FOREIGN, _NEWER, _KEY, _LOCKED, _WRITE
 */
export function openStore(options: OpenStoreOptions): Store {
  const { path } = options;
  if (options.create && !existsSync(path)) createStore(options);
  const db = openDatabase(path);
  try {
    return namingFaults(path, () => new Store(db, options), 'opening');
  } catch (error) {
    db.close();
    throw error;
  }
}

function createStore({ path, key }: OpenStoreOptions): void {
  // SQLite would take this log for the new file's, and a store without its file is a loss to report.
  if (existsSync(`${path}-wal`))
    throw corruptStore(path, 'the file is gone, its log is still there');
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    createDatabase(path, (db) => {
      const row = new StoreRow(db, path, new Vault(db, path));
      db.transaction(() => row.create(new Keyring(key, FIRST_KEY_VERSION))).immediate();
    });
  } catch (cause) {
    // Another process was quicker: its store is as good.
    if (existsSync(path)) return;
    throw new StoreError('PORTICO_STORE_WRITE', {
      message: `a new store cannot be made at ${path}`,
      remedy: 'Check that the directory exists, has room, and may be written by this user.',
      cause,
      context: { path },
    });
  }
}
