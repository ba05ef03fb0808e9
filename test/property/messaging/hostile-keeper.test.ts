import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { person } from '../../helpers/site-fixture.ts';
import { SiteStand, topics } from '../../helpers/site-stand.ts';

/*
 * What the broker keeps is wrong: every retained topic holds another topic's message, an older one, a
 * cut one, a forgery or nothing. Raise for a long search: HOSTILE_RUNS=2000.
 */
const RUNS = Number(process.env['HOSTILE_RUNS'] ?? '15');
const PEOPLE = ['a', 'b', 'c'];
const INCOMPLETE_AFTER_MS = 31_000;

type Wrong = 'another' | 'cut' | 'empty' | 'noise' | 'oversize';
const wrong = fc.constantFrom<Wrong>('another', 'cut', 'empty', 'noise', 'oversize');

function spoilt(kind: Wrong, own: Uint8Array, other: Uint8Array): Uint8Array {
  switch (kind) {
    case 'another':
      return other;
    case 'cut':
      return own.subarray(0, own.length >> 1);
    case 'empty':
      return Buffer.alloc(0);
    case 'noise':
      return Buffer.alloc(own.length, 0xa5);
    case 'oversize':
      return Buffer.alloc(2_000_000, 'a');
  }
}

describe('a gate whose broker keeps everything wrong', () => {
  it('takes nothing of it, goes on with whom it knows, and takes the truth when it comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wrong, { minLength: 8, maxLength: 8 }), async (kinds) => {
        const stand = await SiteStand.open();
        const desk = await stand.desk();
        await desk.publishKeys(stand.site.file);
        for (const [index, id] of PEOPLE.entries()) await desk.publishRecord(person(id, index));
        await desk.publishHead();
        await stand.settle();
        const truth = [...stand.broker.retained.values()];
        await stand.gate.close();
        for (const [index, message] of truth.entries()) {
          const other = truth[(index + 1) % truth.length] ?? message;
          const payload = spoilt(
            kinds[index % kinds.length] ?? 'noise',
            message.payload,
            other.payload,
          );
          stand.broker.retained.set(message.topic, { ...message, payload });
        }
        // A gate that knew everybody, begun again: nothing of it goes.
        const gate = await stand.startGate();
        await stand.settle();
        await gate.settled();
        assert.deepEqual([...stand.store.people.keys()].sort(), PEOPLE);
        assert.equal(gate.standing(), 'current');
        assert.deepEqual(stand.orders, []);
        // Somebody is deleted, and the deletion is spoilt as well: that is noticed in time.
        await desk.publishTombstone('c');
        await gate.settled();
        await desk.publishHead();
        for (const message of truth) stand.broker.retained.set(message.topic, message);
        await desk.republish();
        await stand.settle();
        await gate.settled();
        assert.deepEqual([...stand.store.people.keys()].sort(), ['a', 'b']);
        assert.equal(gate.standing(), 'current');
        await gate.close();
      }),
      { numRuns: RUNS },
    );
  });

  it('says within the time set that its roster is incomplete when it is new and has the head', async () => {
    const stand = await SiteStand.open();
    await stand.gate.close();
    const desk = await stand.desk();
    for (const [index, id] of PEOPLE.entries()) await desk.publishRecord(person(id, index));
    await desk.publishHead();
    const { retained } = stand.broker;
    const [one, two] = PEOPLE.map((id) => retained.get(topics.record(id)));
    assert.ok(one !== undefined && two !== undefined);
    retained.set(one.topic, { ...one, payload: two.payload });
    retained.set(two.topic, { ...two, payload: one.payload });
    const gate = await stand.startGate();
    await stand.settle();
    await stand.clock.advance(INCOMPLETE_AFTER_MS);
    assert.equal(gate.standing(), 'incomplete');
    await gate.close();
  });
});

describe('a gate whose broker floods it', () => {
  it('checks no more at once than it has room for, and obeys the true command afterwards', async () => {
    const stand = await SiteStand.open();
    const gateTopics = topics.gate('gate-1');
    const junk = Buffer.alloc(1_000, 'a');
    const heapBefore = process.memoryUsage().heapUsed;
    const responseTopic = topics.answers('flood');
    for (let count = 0; count < 20_000; count += 1) {
      const topic = [gateTopics.command, gateTopics.receipt, topics.trustList][count % 3] ?? '';
      void stand.broker.say('portico-harbour-gate-gate-1', {
        topic,
        payload: junk,
        isRetained: false,
        responseTopic,
      });
    }
    await stand.settle();
    const refusals = stand.gate.refusals();
    const { flooded = 0 } = refusals;
    assert.equal(
      Object.values(refusals).reduce((sum, count) => sum + count, 0),
      20_000,
    );
    assert.ok(flooded > 15_000, `${flooded} were dropped unread`);
    assert.ok(process.memoryUsage().heapUsed - heapBefore < 100e6);
    const desk = await stand.desk();
    const sent = desk.sendCommand('gate-1', { name: 'lock-down' });
    await stand.settle();
    assert.deepEqual(await sent, { outcome: 'done' });
    assert.deepEqual(
      stand.orders.map(({ name }) => name),
      ['lock-down'],
    );
    await stand.gate.close();
  });
});
