// Run as a child by store-kill.test.ts, which kills it, and by store-power-cut.test.ts, which records it: changes a store, for
// so many changes or without end, and tells before and after each what it is, on a pipe that is written synchronously.
import { writeSync } from 'node:fs';
import { openStore } from '../../src/gallery/open-store.ts';
import type { Store } from '../../src/gallery/store.ts';
import { type RandomSource, seededRandom } from '../../src/numeric/random.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { testKey } from '../helpers/store-data.ts';
import { applyChange, type StoreChange } from './store-model.ts';

const MOST_PEOPLE = 40;
const ROSTER_IDS = 20;

/** People enrolled here are p-…, those of the roster r-…; either may change, and events come and go between. */
function chooseChange(store: Store, random: RandomSource): StoreChange {
  const seed = Math.floor(random() * 1e9);
  const roll = random();
  if (roll < 0.15) return { kind: 'event', identityId: 'p-0', seed };
  if (roll < 0.18) return { kind: 'acknowledge', identityId: 'p-0', seed };
  if (roll < 0.4) {
    const identityId = `r-${Math.floor(random() * ROSTER_IDS)}`;
    return { kind: random() < 0.6 ? 'record' : 'tombstone', identityId, seed };
  }
  const known = store.identities().filter(({ identityId }) => identityId.startsWith('p-'));
  const someone = known[Math.floor(random() * known.length)]?.identityId;
  if (someone === undefined || (roll < 0.65 && known.length < MOST_PEOPLE)) {
    return { kind: 'enrol', identityId: `p-${seed}`, seed };
  }
  const kind = roll < 0.85 ? 'delete' : roll < 0.92 ? 'update' : 'add';
  return { kind, identityId: someone, seed };
}

function say(message: unknown): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

const [, , path, seed, changes = 'endless'] = process.argv;
if (path !== undefined && seed !== undefined) {
  const store = openStore({ path, key: testKey(), clock: new FakeClock(), create: true });
  const random = seededRandom(Number(seed));
  const most = changes === 'endless' ? Number.POSITIVE_INFINITY : Number(changes);
  for (let count = 0; count < most; count += 1) {
    const change = chooseChange(store, random);
    say(change);
    applyChange(store, change);
    say('done');
  }
}
