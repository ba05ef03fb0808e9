import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StoreError } from '../../../../src/domain/errors.ts';
import {
  addAdministrator,
  rotateContentKey,
  trustListOf,
} from '../../../../src/messaging/site/found-site.ts';
import type { RosterStanding } from '../../../../src/roster/roster-standing.ts';
import { ENCODER, person } from '../../../helpers/site-fixture.ts';
import { SiteStand, topics } from '../../../helpers/site-stand.ts';

const names = (stand: SiteStand): readonly string[] => [...stand.store.people.keys()].sort();

describe('the roster of a gate', () => {
  it('follows the desk: enrolled, changed, deleted', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    await desk.publishRecord(person('a', 1));
    await desk.publishRecord(person('b', 2));
    await desk.publishHead();
    await stand.settle();
    assert.deepEqual(names(stand), ['a', 'b']);
    assert.equal(stand.gate.standing(), 'current');
    assert.ok(stand.gate.isVouchedFor('a'));
    await desk.publishTombstone('a');
    await desk.publishRecord(person('b', 3, 'Renamed'));
    await desk.publishHead();
    await stand.settle();
    assert.deepEqual(names(stand), ['b']);
    assert.equal(stand.store.people.get('b')?.identity.name, 'Renamed');
    assert.deepEqual(stand.gate.refusals(), {});
  });

  it('comes whole to a gate that was away, from what the broker keeps', async () => {
    const stand = await SiteStand.open();
    await stand.gate.close();
    const desk = await stand.desk();
    for (let index = 0; index < 30; index += 1)
      await desk.publishRecord(person(`p${index}`, index));
    await desk.publishHead();
    const again = await stand.startGate();
    for (let turn = 0; turn < 5; turn += 1) await stand.settle();
    await again.settled();
    assert.equal(stand.store.people.size, 30);
    assert.equal(again.standing(), 'current');
  });

  it('notices a record that is withheld, within the time set, and asks for it', async () => {
    const seen: RosterStanding[] = [];
    const stand = await SiteStand.open({
      listener: { onStanding: (standing) => seen.push(standing) },
    });
    const desk = await stand.desk();
    await desk.publishRecord(person('a', 1));
    await desk.publishHead();
    await stand.settle();
    stand.broker.isForwarding = false;
    await desk.publishTombstone('a');
    await desk.publishHead();
    const head = stand.broker.retained.get(topics.rosterHead)!;
    await stand.say(head.topic, head.payload);
    assert.equal(stand.gate.standing(), 'catching-up');
    await stand.clock.advance(29_000);
    assert.equal(stand.gate.standing(), 'catching-up');
    await stand.clock.advance(2_000);
    assert.equal(stand.gate.standing(), 'incomplete');
    assert.deepEqual(seen, ['current', 'catching-up', 'incomplete']);
    // The broker comes to its senses: the next request brings what was missing.
    stand.broker.isForwarding = true;
    await stand.clock.advance(60_000);
    await stand.settle();
    assert.deepEqual(names(stand), []);
    assert.equal(stand.gate.standing(), 'current');
  });

  it('grows stale when no head comes any more', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk('administrator', { headValidForMs: 60_000 });
    await desk.publishRecord(person('a', 1));
    await desk.publishHead();
    await stand.settle();
    await stand.clock.advance(59_000);
    assert.equal(stand.gate.standing(), 'current');
    await stand.clock.advance(2_000);
    assert.equal(stand.gate.standing(), 'stale');
    await desk.publishRecord(person('newcomer', 5));
    await stand.settle();
    assert.equal(stand.gate.isVouchedFor('newcomer'), false);
    assert.ok(stand.gate.isVouchedFor('a'));
  });

  it('is not changed by a cleared retained message', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    await desk.publishRecord(person('a', 1));
    await stand.settle();
    await stand.say(topics.record('a'), '', { isRetained: true });
    assert.deepEqual(names(stand), ['a']);
  });

  it('refuses a record under the name of another person, and an auditor’s record', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    stand.broker.isForwarding = false;
    const entry = await desk.publishRecord(person('a', 1));
    await stand.say(topics.record('b'), entry.payload);
    const { contentKeys } = stand.site.administrator;
    const auditor = await stand.desk('auditor', { seat: { ...stand.site.auditor, contentKeys } });
    const forged = await auditor.publishRecord(person('c', 2));
    await stand.say(topics.record('c'), forged.payload);
    assert.deepEqual(names(stand), []);
    assert.deepEqual(stand.gate.refusals(), { 'topic-mismatch': 1, 'wrong-role': 1 });
  });

  it('takes what a broken store refused as soon as the store works again', async () => {
    const faults: unknown[] = [];
    const stand = await SiteStand.open({
      listener: { onStoreFault: (error) => faults.push(error) },
    });
    const desk = await stand.desk();
    stand.store.fault = new StoreError('PORTICO_STORE_WRITE', { message: 'full', remedy: 'x' });
    await desk.publishRecord(person('a', 1));
    await stand.settle();
    assert.equal(faults.length, 1);
    assert.deepEqual(names(stand), []);
    await desk.publishHead();
    await stand.settle();
    await stand.clock.advance(10_000);
    await stand.settle();
    assert.deepEqual(names(stand), ['a']);
    assert.equal(stand.gate.standing(), 'current');
  });

  it('keeps head and trust list by itself when the disk has room again, without a new connection', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    await desk.publishRecord(person('a', 1));
    await stand.settle();
    let isFull = true;
    let attempts = 0;
    const original = stand.store.setSetting.bind(stand.store);
    stand.store.setSetting = (name, value) => {
      attempts += 1;
      if (isFull) throw new StoreError('PORTICO_STORE_WRITE', { message: 'full', remedy: 'x' });
      original(name, value);
    };
    await desk.publishHead();
    const { file } = await addAdministrator(stand.site.file, { roles: ['operate'] });
    const trustList = await trustListOf(file, stand.clock.wall());
    await stand.say(topics.trustList, trustList);
    assert.equal(stand.gate.roster().epoch, 0, 'a head counts when it is durable');
    await stand.clock.advance(600_000);
    assert.ok(attempts > 5 && attempts < 30, `${attempts} attempts in ten minutes`);
    isFull = false;
    await stand.clock.advance(61_000);
    await stand.settle();
    assert.equal(stand.gate.roster().epoch, 1);
    assert.equal(stand.gate.standing(), 'current');
    assert.equal(stand.store.setting('site.trust-list'), trustList);
    const before = attempts;
    await stand.clock.advance(120_000);
    assert.equal(attempts, before, 'and then no more');
  });

  it('lets one record that cannot be stored spoil nobody else’s', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    const original = stand.store.applyRoster.bind(stand.store);
    stand.store.applyRoster = (changes) => {
      if (changes.some(({ mark }) => mark.identityId === 'b')) {
        throw new StoreError('PORTICO_ENROL_REFUSED', { message: 'no', remedy: 'x' });
      }
      original(changes);
    };
    await Promise.all(['a', 'b', 'c'].map((id, index) => desk.publishRecord(person(id, index))));
    await stand.settle();
    assert.deepEqual(names(stand), ['a', 'c']);
    assert.equal(stand.gate.refusals()['not-storable'], 1);
  });

  it('wants every record again under other encoders', async () => {
    const other = { modelId: 'encoder-b', dimension: 64 };
    const stand = await SiteStand.open({ encoders: [other] });
    const desk = await stand.desk();
    await desk.publishRecord(person('a', 1));
    await desk.publishHead();
    await stand.settle();
    assert.deepEqual(stand.store.people.get('a')?.templates, []);
    await stand.gate.close();
    const again = await stand.startGate({ encoders: [other, ENCODER] });
    await stand.settle();
    await again.settled();
    assert.equal(stand.store.people.get('a')?.templates.length, 1);
  });

  it('reads records under a new content key, at the versions that they had', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    await desk.publishRecord(person('a', 1));
    const rotated = rotateContentKey(stand.site.file);
    await desk.publishKeys(rotated);
    const seat = { ...stand.site.administrator, contentKeys: rotated.contentKeys };
    const renewed = await stand.desk('administrator', { seat, book: desk.book });
    await renewed.publishRecord(person('b', 2));
    await renewed.publishHead();
    await stand.settle();
    assert.deepEqual(names(stand), ['a', 'b']);
    assert.equal(stand.gate.standing(), 'current');
  });

  it('is asked for from scratch by a sync', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    await desk.publishRecord(person('a', 1));
    await desk.publishHead();
    await stand.settle();
    stand.store.people.clear();
    const sent = desk.sendCommand('gate-1', { name: 'sync', isFromScratch: true });
    await stand.settle();
    assert.deepEqual(await sent, { outcome: 'done' });
    await stand.settle();
    assert.deepEqual(names(stand), ['a']);
    assert.deepEqual(stand.orders, [], 'a sync is no business of the door');
  });
});
