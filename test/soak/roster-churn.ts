import assert from 'node:assert/strict';
import type { Store } from '../../src/gallery/store.ts';
import { type RandomSource, seededRandom } from '../../src/numeric/random.ts';
import { unitVector } from '../helpers/store-data.ts';

const DIMENSION = 512;
const MOST_PEOPLE = 200;

/** Adds and removes people beside a running gate, and takes and acknowledges its events as an auditor would. */
export class RosterChurn {
  readonly #store: Store;
  readonly #random: RandomSource = seededRandom(5);
  readonly #expected: Set<string>;
  #serial = 0;
  #taken = 0;
  added = 0;
  removed = 0;

  constructor(store: Store) {
    this.#store = store;
    this.#expected = new Set(store.identities().map(({ identityId }) => identityId));
  }

  /** How many events have been taken, every one of them in its turn. */
  get takenEvents(): number {
    return this.#taken;
  }

  change(): void {
    const guests = [...this.#expected].filter((id) => id.startsWith('guest-'));
    if (guests.length >= MOST_PEOPLE || (guests.length > 0 && this.#random() < 0.4)) {
      const guest = guests[Math.floor(this.#random() * guests.length)]!;
      this.#store.deleteIdentity(guest);
      this.#expected.delete(guest);
      this.removed += 1;
      return;
    }
    this.#serial += 1;
    const identityId = `guest-${this.#serial}`;
    const embedding = unitVector(this.#serial, DIMENSION);
    const templates = [{ modelId: 'mobilefacenet-512', embedding }];
    this.#store.enrol({ identityId, name: `Guest ${this.#serial}`, templates });
    this.#expected.add(identityId);
    this.added += 1;
  }

  /** @throws AssertionError when an event is missing, or the people are not those of the model */
  takeEvents(): void {
    for (;;) {
      const events = this.#store.eventsAfter(this.#taken, 1_000);
      for (const { number } of events) {
        assert.equal(number, this.#taken + 1, 'events come without gaps');
        this.#taken = number;
      }
      if (events.length === 0) break;
      this.#store.acknowledgeUpTo(this.#taken);
    }
    const people = this.#store.identities().map(({ identityId }) => identityId);
    assert.deepEqual(
      people.sort(),
      [...this.#expected].sort(),
      'the people are those of the model',
    );
  }
}
