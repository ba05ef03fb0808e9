import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config/schema.ts';
import { StoreError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports/clock.ts';
import { createKeyFile, readMasterKey } from '../gallery/master-key.ts';
import { openStore } from '../gallery/open-store.ts';
import type { Store } from '../gallery/store.ts';
import type { Session } from './session.ts';

/**
 * Opens the configured store. With `create`, a gate that has neither store nor key gets both; a store
 * whose key is gone, or a key whose store is gone with its log left behind, stays a fault.
 * @throws PORTICO_STORE_*
 */
export function openPeopleStore(config: Config, clock: Clock, create: boolean): Store {
  const { path, keyFile, credentialsDirectory } = config.store;
  const isNew = !existsSync(path) && !existsSync(keyFile) && credentialsDirectory === undefined;
  if (isNew && !create) throw notYet(path);
  if (isNew) {
    mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
    createKeyFile(keyFile);
  }
  return openStore({ path, key: readMasterKey({ keyFile, credentialsDirectory }), clock, create });
}

const notYet = (path: string): StoreError =>
  new StoreError('PORTICO_STORE_MISSING', {
    message: `nobody was ever enrolled here: there is neither a store at ${path} nor a key`,
    remedy: 'Enrol the first person with `portico enrol`, or name the right configuration.',
    context: { path },
  });

/** Runs `work` on the configured store, which must exist, and closes it whatever comes. */
export async function withPeople<T>(
  { composition, config: read }: Session,
  work: (store: Store, config: Config) => Promise<T>,
): Promise<T> {
  const config = read();
  const store = openPeopleStore(config, composition.clock, false);
  try {
    return await work(store, config);
  } finally {
    store.close();
  }
}
