import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '../../device/clock/system-clock.ts';
import { openPeopleStore } from '../../src/cli/people-store.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { NumberedEvent } from '../../src/domain/events.ts';
import { seededRandom } from '../../src/numeric/random.ts';
import { CliHome } from '../integration/cli/portico-cli.ts';

/** Raise for a long run: GATE_KILL_ROUNDS=500. */
const { GATE_KILL_ROUNDS = '20' } = process.env;
const ROUNDS = Number(GATE_KILL_ROUNDS);
const LONGEST_LIFE_MS = 2_200;
const LONGEST_COMMAND_MS = 1_100;
const PEOPLE = { ada: 'enrolled', bob: 'stranger' } as const;
type PersonId = keyof typeof PEOPLE;

interface Found {
  readonly people: readonly string[];
  readonly events: readonly NumberedEvent[];
}

/** Opens the store, which proves everything in it, and reads it out. */
function readStore(home: CliHome): Found {
  const config = loadConfig({ environment: { XDG_DATA_HOME: home.folder } });
  const store = openPeopleStore(config, systemClock, false);
  try {
    const people = store.identities().map(({ identityId }) => {
      assert.equal(store.templatesOf(identityId).length, 1, `${identityId} is whole`);
      return identityId;
    });
    return { people: [...people].sort(), events: store.eventsAfter(0, 1_000_000) };
  } finally {
    store.close();
  }
}

describe('a gate that is killed while people are enrolled and deleted beside it', () => {
  it('keeps every acknowledged change, never half of one, and every event', async (context) => {
    const home = new CliHome();
    const portraits = {
      ada: await home.portrait(PEOPLE.ada),
      bob: await home.portrait(PEOPLE.bob),
    };
    const frames = join(home.folder, 'frames');
    mkdirSync(frames);
    copyFileSync(portraits.bob, join(frames, '1.png'));
    home.configure({ camera: { source: `dir:${frames}` }, kiosk: { port: 0 } });
    const { code, err } = await home.run('enrol', 'ada', portraits.ada);
    assert.equal(code, 0, err);

    const random = seededRandom(7);
    let enrolled = new Set<PersonId>(['ada']);
    let events: readonly NumberedEvent[] = readStore(home).events;
    const tally = { acknowledged: 0, inFlight: 0, working: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const gate = home.start('run');
      const person: PersonId = random() < 0.5 ? 'ada' : 'bob';
      const isDeletion = enrolled.has(person);
      // Half of them die at work, the others while they start.
      if (random() < 0.5) await gate.printed('page: ');
      else await systemClock.sleep((random() * LONGEST_LIFE_MS) / 2);
      const change = isDeletion
        ? home.start('people', 'rm', person)
        : home.start('enrol', person, portraits[person]);
      const isCommandKilled = random() < 0.4;
      if (isCommandKilled) {
        systemClock.after(random() * LONGEST_COMMAND_MS, () => change.kill('SIGKILL'));
      }
      await systemClock.sleep((random() * LONGEST_LIFE_MS) / 2);
      gate.kill('SIGKILL');
      const [died, outcome] = await Promise.all([gate.ended, change.ended]);
      assert.equal(died.signal, 'SIGKILL', `the gate ended by itself: ${died.out}${died.err}`);
      if (died.out.includes('page: ')) tally.working += 1;

      const after = new Set(enrolled);
      if (isDeletion) after.delete(person);
      else after.add(person);
      const found = readStore(home);
      const [whole, untouched] = [[...after].sort(), [...enrolled].sort()];
      if (outcome.code === 0) {
        tally.acknowledged += 1;
        assert.deepEqual(found.people, whole, `round ${round}: an acknowledged change is lost`);
      } else if (outcome.signal === 'SIGKILL') {
        tally.inFlight += 1;
        const text = found.people.join();
        assert.ok([whole.join(), untouched.join()].includes(text), `round ${round}: half a change`);
      } else {
        assert.fail(`round ${round}: the command failed: ${outcome.err}`);
      }
      enrolled = new Set(found.people.filter((id): id is PersonId => id in PEOPLE));
      assert.deepEqual(found.events.slice(0, events.length), events, 'no event is lost');
      events = found.events;
    }
    assert.ok(tally.working >= ROUNDS / 5, 'gates live long enough to work');
    assert.ok(tally.acknowledged >= ROUNDS / 4, 'changes succeed beside dying gates');
    assert.deepEqual(
      events.map(({ number }) => number),
      events.map((_event, index) => index + 1),
    );
    context.diagnostic(`${JSON.stringify(tally)}, ${events.length} events`);
  });
});
