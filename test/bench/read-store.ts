// Run in the machine after a power cut: prints all that a store of the test's writer holds.
import { fileURLToPath } from 'node:url';
import { openStore } from '../../src/gallery/open-store.ts';
import { modelText, readModel } from '../fault/store-model.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { testKey } from '../helpers/store-data.ts';

/** All that a store of the test's writer holds; opening it proves that it is whole. */
export function storeText(path: string): string {
  const store = openStore({ path, key: testKey(), clock: new FakeClock(), create: false });
  try {
    return modelText(readModel(store));
  } finally {
    store.close();
  }
}

const [, program, path] = process.argv;
if (program === fileURLToPath(import.meta.url) && path !== undefined) console.log(storeText(path));
