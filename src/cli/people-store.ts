import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../domain/ports/clock.ts';
import { createKeyFile, readMasterKey } from '../gallery/master-key.ts';
import { openStore } from '../gallery/open-store.ts';
import type { Store } from '../gallery/store.ts';

/**
 * Opens the configured store. With `create`, a gate that has neither store nor key gets both; a store
 * whose key is gone, or a key whose store is gone with its log left behind, stays a fault.
 * @throws PORTICO_STORE_*
 */
export function openPeopleStore(config: Config, clock: Clock, create: boolean): Store {
  const { path, keyFile, credentialsDirectory } = config.store;
  const isNew = !existsSync(path) && !existsSync(keyFile) && credentialsDirectory === undefined;
  if (create && isNew) {
    mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
    createKeyFile(keyFile);
  }
  return openStore({ path, key: readMasterKey({ keyFile, credentialsDirectory }), clock, create });
}
