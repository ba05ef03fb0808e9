import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { IncomingMessage } from '../../../src/messaging/broker/broker-link.ts';
import type { EventDocument } from '../../../src/messaging/documents/event-document.ts';
import type { EventFit } from '../../../src/messaging/seat/event-follower.ts';
import { MemoryPictureArchive } from '../../helpers/memory-picture-archive.ts';
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
const PICTURE = topics.gate('gate-1').picture;
const PICTURES = 3;

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

const pictureTrick = fc.record({
  kind: fc.constantFrom('true', 'forged', 'misplaced', 'cut', 'flipped', 'late', 'bloated'),
  index: fc.nat(PICTURES - 1),
  at: fc.nat(),
});

/** Pictures that a gate has announced in its outbox, as it would send them. */
async function picturesOf(stand: SiteStand): Promise<readonly IncomingMessage[]> {
  stand.broker.isForwarding = false;
  const gate = await stand.startGate({ keepPicturesForMs: 3_600_000 });
  for (let index = 1; index <= PICTURES; index += 1) {
    await gate.pictures.keep(index, Buffer.from([0xff, 0xd8, 0xff, index]));
  }
  const sealed = stand.store.pictures.after(0, PICTURES);
  await gate.close();
  stand.broker.isForwarding = true;
  return sealed.map((picture) => ({
    topic: PICTURE,
    payload: Buffer.from(picture.sealed),
    isRetained: false,
  }));
}

describe('an auditor whose broker is hostile to pictures', () => {
  it('keeps those that the gate announced, each once, and nothing else', async () => {
    const elsewhere = await SiteStand.open();
    await elsewhere.gate.close();
    const forged = await picturesOf(elsewhere);
    await fc.assert(
      fc.asyncProperty(
        fc.array(pictureTrick, { minLength: 3, maxLength: 20 }),
        fc.boolean(),
        async (tricks, isAnnounced) => {
          const stand = await SiteStand.open();
          await stand.gate.close();
          const genuine = await picturesOf(stand);
          const archive = new MemoryArchive();
          const pictures = new MemoryPictureArchive(archive);
          const auditor = await stand.desk('auditor');
          await auditor.followEvents(archive, { onEvent: () => undefined }, { pictures });
          // It makes no pictures itself: what comes of them comes from the broker.
          const gate = isAnnounced ? await stand.startGate() : undefined;
          await stand.settle();
          const expected = new Set<number>();
          for (const { kind, index, at } of tricks) {
            const { payload, ...message } = (kind === 'forged' ? forged : genuine)[index]!;
            if (kind === 'late') stand.clock.stepWall(2 * 3_600_000);
            await stand.broker.sayTo(DESKS, {
              ...message,
              topic: kind === 'misplaced' ? topics.gate('gate-2').picture : PICTURE,
              payload: spoilt(kind, Buffer.from(payload), at),
            });
            if (kind === 'late') stand.clock.stepWall(-2 * 3_600_000);
            if (kind === 'true' && isAnnounced) expected.add(index);
          }
          await stand.settle();
          assert.equal(pictures.announcements().length, isAnnounced ? PICTURES : 0);
          assert.equal(pictures.kept.size, expected.size);
          for (const { payload } of pictures.kept.values()) {
            assert.ok(genuine.some((picture) => Buffer.from(payload).equals(picture.payload)));
          }
          await gate?.close();
        },
      ),
      { numRuns: RUNS },
    );
  });
});

function spoilt(kind: string, payload: Buffer, at: number): Buffer {
  if (kind === 'cut') return payload.subarray(0, payload.length >> 1);
  if (kind === 'bloated') return Buffer.concat([payload, Buffer.alloc(200_000, 0x20)]);
  if (kind === 'flipped') payload[at % payload.length]! ^= 1;
  return payload;
}
