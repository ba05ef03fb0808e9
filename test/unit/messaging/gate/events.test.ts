import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventDocument } from '../../../../src/messaging/documents/event-document.ts';
import type { EventFit } from '../../../../src/messaging/seat/event-follower.ts';
import { MemoryArchive } from '../../../helpers/site-fixture.ts';
import { SiteStand, topics } from '../../../helpers/site-stand.ts';

const YEAR_MS = 365 * 24 * 3_600_000;
const EVENT = topics.gate('gate-1').event;
const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, i) => i + 1);

async function follow(stand: SiteStand, archive = new MemoryArchive()) {
  const fits: EventFit[] = [];
  const auditor = await stand.desk('auditor');
  await auditor.followEvents(archive, { onEvent: (_: EventDocument, fit) => fits.push(fit) });
  await stand.settle();
  return { archive, fits, auditor };
}

async function happen(stand: SiteStand, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) stand.store.append(`{"n":${index}}`);
  stand.gate.noteEvent();
  await stand.settle();
}

/** Four events come to an auditor who gives a receipt for them and leaves. */
async function followForAWhile(stand: SiteStand): Promise<void> {
  const { auditor } = await follow(stand);
  await happen(stand, 4);
  await stand.clock.advance(1_000);
  await stand.settle();
  await auditor.close();
}

describe('events of a gate', () => {
  it('arrive in order, once each, and are forgotten on the receipt', async () => {
    const stand = await SiteStand.open();
    const { archive, fits } = await follow(stand);
    await happen(stand, 100);
    assert.deepEqual(archive.numbersOf('gate-1'), upTo(100));
    assert.ok(fits.slice(1).every((fit) => fit === 'next'));
    await stand.clock.advance(1_000);
    await stand.settle();
    assert.deepEqual(stand.store.outboxRange(), { acknowledged: 100, last: 100 });
  });

  it('are forgotten again on the receipts of an auditor whose clock was ahead by a year', async () => {
    const stand = await SiteStand.open();
    const { auditor } = await follow(stand);
    stand.clock.stepWall(YEAR_MS);
    await happen(stand, 3);
    await stand.clock.advance(1_000);
    await stand.settle();
    await auditor.close();
    stand.clock.stepWall(-YEAR_MS);
    const archive = new MemoryArchive();
    await follow(stand, archive);
    await happen(stand, 3);
    await stand.clock.advance(12_000);
    await stand.settle();
    await happen(stand, 1);
    await stand.clock.advance(1_000);
    await stand.settle();
    assert.equal(stand.store.outboxRange().acknowledged, 7);
  });

  it('wait for an auditor for as long as it takes', async () => {
    const stand = await SiteStand.open();
    await happen(stand, 40);
    await stand.clock.advance(600_000);
    assert.equal(stand.store.outboxRange().acknowledged, 0);
    const { archive } = await follow(stand);
    await stand.settle();
    assert.deepEqual(archive.numbersOf('gate-1'), upTo(40));
  });

  it('survive a broker that lost what it had taken', async () => {
    const stand = await SiteStand.open();
    stand.broker.isForwarding = false;
    const { archive } = await follow(stand);
    await happen(stand, 10);
    assert.equal(archive.events.length, 0);
    stand.broker.goDown();
    await happen(stand, 5);
    stand.broker.isForwarding = true;
    stand.broker.comeUp('fresh');
    await stand.settle();
    await stand.clock.advance(10_000);
    await stand.settle();
    assert.deepEqual(archive.numbersOf('gate-1'), upTo(15));
  });

  it('resume after a restart of the gate without gap; what comes twice is known', async () => {
    const stand = await SiteStand.open();
    const { archive, fits } = await follow(stand);
    await happen(stand, 10);
    await stand.gate.close();
    const again = await stand.startGate();
    await stand.settle();
    stand.store.append('{"n":10}');
    again.noteEvent();
    await again.settled();
    await stand.settle();
    assert.deepEqual(archive.numbersOf('gate-1'), upTo(11));
    assert.ok(fits.includes('duplicate'));
  });

  it('are asked for again when one is missing', async () => {
    const stand = await SiteStand.open();
    const { archive, fits } = await follow(stand);
    await happen(stand, 3);
    stand.broker.isForwarding = false;
    await happen(stand, 1);
    stand.broker.isForwarding = true;
    await happen(stand, 1);
    await stand.settle();
    assert.ok(fits.includes('gap'));
    assert.deepEqual(archive.numbersOf('gate-1'), upTo(5));
  });

  it('are not lost when one happens before a new auditor has had an answer', async () => {
    const stand = await SiteStand.open();
    await happen(stand, 6);
    const newest = stand.broker.log.filter(({ topic }) => topic === EVENT).at(-1)!;
    const auditor = await stand.desk('auditor');
    const archive = new MemoryArchive();
    const following = auditor.followEvents(archive, { onEvent: () => undefined });
    await stand.broker.sayTo(/desk/, newest);
    await following;
    await stand.settle();
    await stand.clock.advance(1_000);
    await stand.settle();
    assert.deepEqual(archive.numbersOf('gate-1'), upTo(6));
    assert.equal(stand.store.outboxRange().acknowledged, 6);
  });

  it('begin for a new auditor with the oldest that the gate still has', async () => {
    const stand = await SiteStand.open();
    await followForAWhile(stand);
    await happen(stand, 3);
    const { archive, fits } = await follow(stand);
    await stand.settle();
    assert.deepEqual(archive.numbersOf('gate-1'), [5, 6, 7]);
    assert.ok(fits.includes('first'));
    assert.ok(!fits.includes('after-loss'));
  });

  it('are forgotten once the broker took them, where that is enough', async () => {
    const stand = await SiteStand.open({ acknowledgement: 'broker' });
    await happen(stand, 5);
    assert.equal(stand.store.outboxRange().acknowledged, 0, 'nobody is there to hear them');
    const { archive } = await follow(stand);
    await stand.clock.advance(31_000);
    await stand.settle();
    assert.deepEqual(archive.numbersOf('gate-1'), upTo(5));
    assert.equal(stand.store.outboxRange().acknowledged, 5);
  });

  it('are not forgotten for a receipt that is forged, replayed or ahead', async () => {
    const stand = await SiteStand.open();
    await followForAWhile(stand);
    await happen(stand, 4);
    const receipts = stand.broker.log.filter(({ topic }) => topic.endsWith('/receipt'));
    for (const { topic, payload } of receipts) await stand.say(topic, payload);
    const administrator = await stand.desk('administrator');
    const archive = new MemoryArchive();
    await administrator.followEvents(archive, { onEvent: () => undefined });
    await stand.settle();
    assert.equal(stand.store.outboxRange().acknowledged, 4);
    assert.ok((stand.gate.refusals()['wrong-role'] ?? 0) > 0, 'an administrator is no auditor');
  });

  it('are not believed under the name of another gate, nor altered', async () => {
    const stand = await SiteStand.open();
    const { archive } = await follow(stand);
    await happen(stand, 1);
    const { payload } = stand.broker.log.find(({ topic }) => topic === EVENT)!;
    const auditorId = (topic: string) => ({ topic, payload, isRetained: false });
    const cut = Buffer.from(payload).subarray(0, payload.length - 4);
    const before = archive.events.length;
    const other = await stand.desk('auditor');
    const lone = new MemoryArchive();
    await other.followEvents(lone, { onEvent: () => undefined }, { givesReceipts: false });
    const link = stand.broker.openLink(
      { clientId: 'hostile', sessionExpirySeconds: 0, keepaliveSeconds: 0 },
      { onUp: () => undefined, onDown: () => undefined, onMessage: () => undefined },
    );
    await stand.settle();
    for (const [topic, body] of [
      [topics.gate('gate-2').event, payload],
      [EVENT, cut],
    ] as const) {
      await link.publish({ ...auditorId(topic), payload: Buffer.from(body).toString() });
    }
    await stand.settle();
    assert.equal(archive.events.length, before);
    assert.equal(lone.events.length, 0);
  });
});
