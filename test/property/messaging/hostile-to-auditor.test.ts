import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { IncomingMessage } from '../../../src/messaging/broker/broker-link.ts';
import type { EventDocument } from '../../../src/messaging/documents/event-document.ts';
import type { EventFit } from '../../../src/messaging/seat/event-follower.ts';
import { MemoryArchive, makeSite } from '../../helpers/site-fixture.ts';
import { SiteStand, topics } from '../../helpers/site-stand.ts';

/*
 * A hostile broker between gates and auditor: it repeats, withholds, reorders, alters and forges events.
 * Raise for a long search: HOSTILE_RUNS=2000.
 */
const RUNS = Number(process.env['HOSTILE_RUNS'] ?? '15');
const EVENT = topics.gate('gate-1').event;
const EVENTS = 8;
const DESKS = /-desk-/;

/** Events of a gate as it said them, and the same from a gate of another site of that name. */
async function eventsOf(stand: SiteStand): Promise<readonly IncomingMessage[]> {
  const before = stand.broker.log.length;
  for (let index = 0; index < EVENTS; index += 1) stand.store.append(`{"n":${index}}`);
  stand.gate.noteEvent();
  await stand.settle();
  return stand.broker.log.slice(before).filter(({ topic }) => topic === EVENT);
}

const trick = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constant('true' as const), index: fc.nat(EVENTS - 1) }),
    weight: 6,
  },
  fc.record({ kind: fc.constant('forged' as const), index: fc.nat(EVENTS - 1) }),
  fc.record({ kind: fc.constant('misplaced' as const), index: fc.nat(EVENTS - 1) }),
  fc.record({ kind: fc.constant('cut' as const), index: fc.nat(EVENTS - 1) }),
  fc.record({ kind: fc.constant('flipped' as const), index: fc.nat(EVENTS - 1), at: fc.nat() }),
);

describe('an auditor whose broker is hostile', () => {
  it('archives what the gate said, once and in order, and nothing else', async () => {
    const elsewhere = await SiteStand.open();
    const imposter = await makeSite(elsewhere.clock, { gates: 1 });
    await elsewhere.gate.close();
    const false_ = await elsewhere.startGate({ passport: imposter.passports[0]! });
    await elsewhere.settle();
    for (let index = 0; index < EVENTS; index += 1) elsewhere.store.append(`{"forged":${index}}`);
    false_.noteEvent();
    await elsewhere.settle();
    const forged = elsewhere.broker.log.filter(({ topic }) => topic === EVENT);
    await false_.close();
    assert.equal(forged.length, EVENTS);

    await fc.assert(
      fc.asyncProperty(fc.array(trick, { minLength: 5, maxLength: 40 }), async (tricks) => {
        const stand = await SiteStand.open();
        stand.broker.isForwarding = false;
        const said = await eventsOf(stand);
        const archive = new MemoryArchive();
        const fits: EventFit[] = [];
        const auditor = await stand.desk('auditor');
        await auditor.followEvents(archive, { onEvent: (_: EventDocument, fit) => fits.push(fit) });
        for (const one of tricks) {
          const message = (one.kind === 'forged' ? forged : said)[one.index] ?? assert.fail();
          const payload = Buffer.from(message.payload);
          if (one.kind === 'flipped') payload[one.at % payload.length]! ^= 1;
          const topic = one.kind === 'misplaced' ? topics.gate('gate-2').event : EVENT;
          const cut = one.kind === 'cut' ? payload.subarray(0, payload.length >> 1) : payload;
          await stand.broker.sayTo(DESKS, { ...message, topic, payload: cut });
        }
        await stand.settle();
        // Without the first one nothing can be missed yet; from it on, no gap.
        const numbers = archive.numbersOf('gate-1');
        assert.deepEqual(
          numbers,
          numbers.map((_, index) => (numbers[0] ?? 0) + index),
        );
        for (const { number, record } of archive.events)
          assert.equal(record, `{"n":${number - 1}}`);
        assert.ok(!fits.includes('broken-chain'));
        await stand.gate.close();
      }),
      { numRuns: RUNS },
    );
  });
});
