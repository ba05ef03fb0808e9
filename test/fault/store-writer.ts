// Run as a child and killed by store-kill.test.ts: changes a store without end, and tells before
// and after each change what it is, on a pipe that is written synchronously.
import { writeSync } from 'node:fs';
import { openStore } from '../../src/gallery/open-store.ts';
import type { Store } from '../../src/gallery/store.ts';
import { type RandomSource, seededRandom } from '../../src/numeric/random.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { testKey, unitVector } from '../helpers/store-data.ts';

/** One change of a store; `seed` gives the name and the template. */
export interface StoreChange {
  readonly kind: 'enrol' | 'add' | 'update' | 'delete' | 'event';
  readonly identityId: string;
  readonly seed: number;
}

export const nameOf = (seed: number): string => `Name ${seed} ${'.'.repeat(seed % 150)}`;
export const templateOf = (seed: number) => ({
  modelId: 'encoder-a',
  embedding: unitVector(seed, 128),
});

export function applyChange(store: Store, { kind, identityId, seed }: StoreChange): void {
  if (kind === 'enrol') {
    const templates = [templateOf(seed), templateOf(seed + 1)];
    store.enrol({ identityId, name: nameOf(seed), templates });
  } else if (kind === 'add') store.addTemplates(identityId, [templateOf(seed)]);
  else if (kind === 'update') store.updateIdentity({ identityId, name: nameOf(seed) });
  else if (kind === 'delete') store.deleteIdentity(identityId);
  else store.append({ type: 'fault.raised', code: identityId, detail: String(seed) });
}

function chooseChange(store: Store, random: RandomSource): StoreChange {
  const seed = Math.floor(random() * 1e9);
  const known = store.identities();
  const someone = known[Math.floor(random() * known.length)]?.identityId;
  const roll = random();
  if (someone === undefined || (roll < 0.4 && known.length < 40)) {
    return { kind: 'enrol', identityId: `p-${seed}`, seed };
  }
  const kind = roll < 0.7 ? 'delete' : roll < 0.8 ? 'update' : roll < 0.9 ? 'add' : 'event';
  return { kind, identityId: someone, seed };
}

function say(message: unknown): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

const [, , path, seed] = process.argv;
if (path !== undefined && seed !== undefined) {
  const store = openStore({ path, key: testKey(), clock: new FakeClock(), create: true });
  const random = seededRandom(Number(seed));
  for (;;) {
    const change = chooseChange(store, random);
    say(change);
    applyChange(store, change);
    say('done');
  }
}
