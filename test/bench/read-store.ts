// Run in the machine after a power cut: prints all that a store of the test's writer holds.
import { openStore } from '../../src/gallery/open-store.ts';
import { modelText, readModel } from '../fault/store-model.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { testKey } from '../helpers/store-data.ts';

const [, , path] = process.argv;
if (path === undefined) throw new Error('which store?');
const store = openStore({ path, key: testKey(), clock: new FakeClock(), create: true });
console.log(modelText(readModel(store)));
store.close();
