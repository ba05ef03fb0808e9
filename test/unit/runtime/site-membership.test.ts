import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import sharp from 'sharp';
import type { StateDocument } from '../../../src/messaging/documents/state-document.ts';
import { recipientOf } from '../../../src/messaging/envelope/keys.ts';
import { openPicture } from '../../../src/messaging/envelope/picture-sealing.ts';
import { FrameSlots } from '../../../src/vision/frame-slots.ts';
import { drawnVisitor } from '../../helpers/drawn-visitor.ts';
import { MemoryPictureArchive } from '../../helpers/memory-picture-archive.ts';
import { MemoryArchive } from '../../helpers/site-fixture.ts';
import { SiteGateStand } from '../../helpers/site-gate-stand.ts';
import { sharedSite } from '../../helpers/site-stand.ts';

const HEAD_VALID_FOR_MS = 60_000;

describe('a gate of a site', () => {
  let site: SiteGateStand;
  beforeEach(() => {
    site = new SiteGateStand();
  });
  afterEach(() => site.close());

  /** Visits, and says how often the door opened for it. */
  const visitOf = async (visitor: Parameters<SiteGateStand['person']>[0]): Promise<number> => {
    const { stand } = site;
    const before = stand.relay.pulses;
    await stand.visit(undefined, 60);
    await stand.visit(visitor, 8);
    await stand.visit(undefined, 60);
    return stand.relay.pulses - before;
  };
  const lastReasons = (): readonly string[] => {
    const denied = site.stand.events.findLast(({ type }) => type === 'access.denied');
    return denied?.type === 'access.denied' ? denied.reasons : [];
  };

  it('admits whom the site enrols, until the site deletes them', async () => {
    await site.start();
    const desk = await site.desk();
    assert.equal(await visitOf('stranger'), 0);
    await desk.publishRecord(site.person('stranger'));
    await desk.publishHead();
    await site.settle();
    assert.equal(await visitOf('stranger'), 1);
    await desk.publishTombstone('stranger');
    await desk.publishHead();
    await site.settle();
    assert.equal(await visitOf('stranger'), 0);
    assert.deepEqual(lastReasons(), ['no-match']);
  });

  it('admits nobody new once the newest head is out of date, and says why', async () => {
    const gate = await site.start();
    const desk = await site.desk({ headValidForMs: HEAD_VALID_FOR_MS });
    await desk.publishRecord(site.person('neighbour'));
    await desk.publishHead();
    await site.settle();
    await site.stand.clock.advance(HEAD_VALID_FOR_MS);
    assert.deepEqual(gate.faults.codes(), ['PORTICO_ROSTER_STALE']);
    await desk.publishRecord(site.person('stranger'));
    await site.settle();
    assert.equal(await visitOf('stranger'), 0);
    assert.deepEqual(lastReasons(), ['roster-unconfirmed']);
    assert.equal(await visitOf('neighbour'), 1, 'who was vouched for comes in');
    await desk.publishHead();
    await site.settle();
    assert.deepEqual(gate.faults.codes(), []);
    assert.equal(await visitOf('stranger'), 1);
  });

  it('admits nobody at all once the head has expired, where the policy says so', async () => {
    await site.start({ policy: { expireAfterMs: 30_000 } });
    const desk = await site.desk({ headValidForMs: HEAD_VALID_FOR_MS });
    await desk.publishRecord(site.person('resident'));
    await desk.publishHead();
    await site.settle();
    assert.equal(await visitOf('resident'), 1);
    await site.stand.clock.advance(HEAD_VALID_FOR_MS + 30_000);
    assert.equal(await visitOf('resident'), 0);
    assert.deepEqual(lastReasons(), ['roster-unconfirmed']);
  });

  it('pulses once for an order, and names who gave it', async () => {
    await site.start();
    const desk = await site.desk();
    assert.deepEqual(await site.order(desk, { name: 'pulse' }), { outcome: 'done' });
    assert.equal(site.stand.relay.pulses, 1);
    const opened = site.stand.events.find(({ type }) => type === 'door.opened-remotely');
    assert.ok(opened?.type === 'door.opened-remotely' && opened.by.length > 20);
    const again = await site.order(desk, { name: 'pulse' });
    assert.deepEqual(again.outcome === 'refused' && again.reason, 'already-open');
    assert.equal(site.stand.relay.pulses, 1);
  });

  it('locks down and is released by order; an order to open does not come through', async () => {
    await site.start();
    const desk = await site.desk();
    await site.order(desk, { name: 'lock-down' });
    assert.equal(await visitOf('resident'), 0);
    const refused = await site.order(desk, { name: 'pulse' });
    assert.equal(refused.outcome === 'refused' && refused.reason, 'locked-down');
    assert.equal(site.stand.relay.pulses, 0);
    await site.order(desk, { name: 'release' });
    assert.equal(await visitOf('resident'), 1);
  });

  it('opens for nobody whom it could not record, orders included', async () => {
    await site.start();
    const desk = await site.desk();
    const full = Object.assign(new Error('scripted'), { code: 'PORTICO_STORE_WRITE' });
    const pulse = desk.sendCommand('gate-1', { name: 'pulse' });
    site.stand.failing.set('append', full);
    site.stand.failing.set('setSetting', full);
    await site.settle();
    await site.stand.clock.advance(25_000);
    await pulse;
    assert.equal(site.stand.relay.pulses, 0);
    site.stand.failing.clear();
  });

  it('reloads, and restarts once the answer is away', async () => {
    await site.start();
    const desk = await site.desk();
    assert.deepEqual(await site.order(desk, { name: 'reload' }), { outcome: 'done' });
    assert.deepEqual(await site.order(desk, { name: 'restart' }), { outcome: 'done' });
    assert.deepEqual(site.done, ['reload']);
    await site.stand.clock.advance(1_000);
    assert.deepEqual(site.done, ['reload', 'restart']);
  });

  it('hands models on to be tried, with the key of who ordered them', async () => {
    await site.start();
    const desk = await site.desk({}, 'maintainer');
    const files = [{ path: 'iris/manifest.json', text: '{}' }];
    assert.deepEqual(await site.order(desk, { name: 'models', files }), { outcome: 'done' });
    assert.match(site.done.at(-1) ?? '', /^models iris\/manifest\.json by [\w-]{43}$/);
  });

  it('says that it cannot do what its process does not offer', async () => {
    await site.start({ service: undefined });
    const desk = await site.desk();
    for (const name of ['reload', 'restart'] as const) {
      const answer = await site.order(desk, { name });
      assert.equal(answer.outcome === 'refused' && answer.reason, 'not-supported');
    }
  });

  it('tells within a second how door, camera and faults are', async () => {
    const states: StateDocument[] = [];
    const gate = await site.start();
    const desk = await site.desk({
      listener: { onState: (state) => void states.push(state) },
    });
    await site.stand.clock.advance(1_000);
    await site.settle();
    const { gate: told } = states.at(-1)!;
    assert.deepEqual(
      { ...told, uptimeSeconds: 0 },
      {
        version: '1.2.3',
        door: 'locked',
        contact: 'closed',
        isLockedDown: false,
        camera: 'delivering',
        provider: 'cpu',
        faults: [],
        uptimeSeconds: 0,
        art: { isOn: true, manner: 'fast', style: 'every', intervalS: 120 },
        temperaturesCelsius: { hottest: 51.5 },
      },
    );
    await site.order(desk, { name: 'lock-down' });
    await site.stand.clock.advance(1_000);
    await site.settle();
    assert.equal(states.at(-1)!.gate.door, 'locked-down');
    site.stand.failVision('stage-fault');
    await site.stand.clock.advance(1_000);
    await site.settle();
    assert.deepEqual(states.at(-1)!.gate.faults, ['PORTICO_VISION_FAILED']);
    assert.equal(gate.site?.summary().people, 0);
  });

  it('changes the art by order, and tells what hangs on the wall without naming the photograph', async () => {
    const states: StateDocument[] = [];
    await site.start();
    const desk = await site.desk({
      listener: { onState: (state) => void states.push(state) },
    });
    const order = { name: 'art', isOn: true, style: 'udnie', intervalS: 60 } as const;
    assert.deepEqual(await site.order(desk, order), { outcome: 'done' });
    await site.stand.clock.advance(1_000);
    await site.settle();
    const before = states.length;
    for (let count = 0; count < 20; count += 1) {
      site.art.hang({ style: 'udnie', manner: 'fast', subject: 'Ada at the beach' });
      await site.stand.clock.advance(200);
    }
    assert.equal(states.length, before, 'not with every picture');
    await site.stand.clock.advance(3_000);
    await site.settle();
    assert.deepEqual(states.at(-1)?.gate.art, {
      isOn: true,
      manner: 'fast',
      style: 'udnie',
      intervalS: 60,
      shown: { style: 'udnie', manner: 'fast' },
    });
  });

  it('says that it shows no art where there is none', async () => {
    await site.start({ art: undefined });
    const answer = await site.order(await site.desk(), { name: 'art', isOn: false });
    assert.equal(answer.outcome === 'refused' && answer.reason, 'not-supported');
  });

  it('says on its page that the network is away, and raises a fault when it stays so', async () => {
    const gate = await site.start();
    await site.stand.visit(undefined, 10);
    assert.equal(site.stand.page?.mode, 'idle');
    site.broker.goDown();
    await site.stand.visit(undefined, 100);
    assert.equal(site.stand.page?.mode, 'idle', 'a short cut is no news');
    await site.stand.visit(undefined, 100);
    assert.equal(site.stand.page?.mode, 'offline');
    assert.deepEqual(gate.faults.codes(), []);
    assert.equal(await visitOf('resident'), 1, 'the door works as usual');
    await site.stand.clock.advance(60_000);
    assert.deepEqual(gate.faults.codes(), ['PORTICO_SITE_UNREACHABLE']);
    assert.equal(gate.site?.summary().isConnected, false);
    site.broker.comeUp('resumed');
    await site.stand.visit(undefined, 10);
    assert.equal(site.stand.page?.mode, 'idle');
    assert.deepEqual(gate.faults.codes(), []);
  });

  it('keeps its events until an auditor has them', async () => {
    await site.start();
    await visitOf('resident');
    await site.settle();
    const { last, acknowledged } = site.stand.store.outboxRange();
    assert.equal(acknowledged, 0);
    const auditor = await site.desk({}, 'auditor');
    const numbers: number[] = [];
    const archive = {
      position: () => Promise.resolve(undefined),
      append: ({ number }: { readonly number: number }) => {
        numbers.push(number);
        return Promise.resolve();
      },
    };
    await auditor.followEvents(archive, { onEvent: () => undefined });
    await site.settle();
    await site.stand.clock.advance(2_000);
    await site.settle();
    assert.equal(numbers.at(-1), last);
    assert.equal(site.stand.store.outboxRange().acknowledged, last);
  });

  const PICTURED = { widthPx: 640, heightPx: 480 } as const;
  const BOX = { xPx: 230, yPx: 96, widthPx: 160, heightPx: 211 } as const;

  it('sends the auditor the face of whom it refused, where that is asked for', async () => {
    const { stand } = site;
    const slots = new FrameSlots(PICTURED);
    slots.beginFrame().set(await drawnVisitor());
    slots.commitFrame(stand.clock.now());
    const framed = { size: PICTURED, peek: () => slots.peek(1) };
    const pictures = { slots: framed, of: ['denied'] as const, keepForMs: 3_600_000 };
    const gate = await site.start({ pictures });
    const archive = new MemoryArchive();
    const kept = new MemoryPictureArchive(archive);
    const auditor = await site.desk({}, 'auditor');
    await auditor.followEvents(archive, { onEvent: () => undefined }, { pictures: kept });
    await stand.visit('stranger', 8, { box: BOX });
    await stand.visit(undefined, 60);
    for (let turn = 0; turn < 400 && kept.kept.size === 0; turn += 1) {
      await site.settle();
      await stand.clock.advance(1_000);
    }
    const [announced] = kept.announcements();
    assert.ok(announced !== undefined);
    const denied = archive.events.find(({ number }) => number === announced.of);
    assert.match(denied?.record ?? '', /access\.denied/);
    const { payload } = kept.kept.get(announced.digest) ?? assert.fail('it did not come');
    const { sealingKey } = (await sharedSite).auditor;
    const origin = { site: 'harbour', ...announced };
    const opened = await openPicture(payload, origin, await recipientOf(sealingKey!));
    assert.ok(opened.outcome === 'opened');
    const { width, height } = await sharp(opened.jpeg).metadata();
    assert.deepEqual([width, height], [243, 320], 'the face with its margin');
    assert.deepEqual(gate.site?.summary().pictures, { waiting: 0, lost: {} });
    assert.ok(!JSON.stringify(stand.logger.records).includes(announced.digest));
  });

  it('makes no picture of anybody otherwise', async () => {
    const gate = await site.start();
    await visitOf('stranger');
    assert.deepEqual(lastReasons(), ['no-match']);
    assert.equal(gate.site?.summary().pictures, undefined);
    assert.equal(site.stand.store.pictures.count, 0);
    assert.ok(
      site.stand.store.eventsAfter(0, 99).every(({ event }) => event.type !== 'picture.taken'),
    );
  });
});
