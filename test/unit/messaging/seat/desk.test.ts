import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rosterFault } from '../../../../src/messaging/gate/roster-fault.ts';
import { bookLine, RosterBook } from '../../../../src/messaging/seat/roster-book.ts';
import { person } from '../../../helpers/site-fixture.ts';
import { SiteStand, topics } from '../../../helpers/site-stand.ts';
import { faultCoded } from '../../../helpers/store-bench.ts';

describe('RosterBook', () => {
  it('comes back from its text; the last line of a person counts', () => {
    const book = new RosterBook();
    const entry = {
      identityId: 'a',
      kind: 'person',
      version: 1,
      digest: 'd'.repeat(43),
      payload: 'x',
    } as const;
    book.put(entry);
    book.putHead({ epoch: 3, payload: 'y' });
    const appended = `${book.serialise()}${JSON.stringify({ ...entry, version: 2 })}\n`;
    const again = RosterBook.parse(appended);
    assert.equal(again.claimVersion('a'), 3);
    assert.equal(again.claimVersion('b'), 1);
    assert.equal(again.head?.epoch, 3);
    assert.throws(() => RosterBook.parse('{"a":1}\n'), faultCoded('PORTICO_SITE_FILE'));
  });

  it('gives out no number twice, not even after it was written down and read again', () => {
    const lines: string[] = [];
    const book = new RosterBook((line) => lines.push(bookLine(line)));
    assert.deepEqual([book.claimVersion('a'), book.claimVersion('a')], [1, 2]);
    assert.deepEqual([book.claimEpoch(), book.claimEpoch()], [1, 2]);
    for (const text of [book.serialise(), lines.join('')]) {
      const again = RosterBook.parse(text);
      assert.equal(again.claimVersion('a'), 3);
      assert.equal(again.claimEpoch(), 3);
    }
  });
});

describe('a desk', () => {
  it('is understood when it repeats, otherwise, what may have arrived', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    stand.broker.isAcknowledging = false;
    const unheard = faultCoded('PORTICO_SITE_UNREACHABLE');
    await assert.rejects(desk.publishRecord(person('a', 1)), unheard);
    await assert.rejects(desk.publishTombstone('b'), unheard);
    await assert.rejects(desk.publishHead(), unheard);
    stand.broker.isAcknowledging = true;
    await desk.publishRecord(person('a', 2));
    await desk.publishRecord(person('b', 3));
    await desk.publishHead();
    await stand.settle();
    assert.deepEqual(
      [...stand.store.people.values()].map(({ templates }) => templates[0]?.templateId).sort(),
      ['a.2', 'b.3'],
    );
    assert.equal(stand.gate.standing(), 'current');
    assert.deepEqual(stand.gate.refusals(), {});
  });

  it('fills a broker that lost everything from its book', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    await desk.publishRecord(person('a', 1));
    await desk.publishTombstone('b');
    await desk.publishHead();
    stand.broker.goDown();
    stand.broker.comeUp('fresh');
    await stand.settle();
    assert.equal(stand.broker.retained.has(topics.record('a')), false);
    await desk.republish();
    for (const topic of [topics.record('a'), topics.record('b'), topics.rosterHead]) {
      assert.ok(stand.broker.retained.has(topic), topic);
    }
    await stand.settle();
    assert.equal(stand.gate.standing(), 'current');
  });

  it('makes itself a book from the broker, and follows what another administrator does', async () => {
    const stand = await SiteStand.open();
    const first = await stand.desk();
    await first.publishRecord(person('a', 1));
    await first.publishTombstone('b');
    await first.publishHead();
    const second = await stand.desk();
    const following = second.followRoster(1_000);
    await stand.settle();
    await stand.clock.advance(100);
    assert.equal(await following, 'complete');
    assert.equal((await second.readPerson('a'))?.name, 'Name 1');
    assert.equal(await second.readPerson('b'), undefined);
    await first.publishRecord(person('c', 3));
    await first.publishHead();
    await stand.settle();
    await second.publishRecord(person('c', 4, 'Renamed'));
    await second.publishHead();
    await stand.settle();
    assert.equal(stand.store.people.get('c')?.identity.name, 'Renamed');
    assert.equal(stand.gate.standing(), 'current');
    assert.deepEqual(stand.gate.refusals(), {});
  });

  it('says so when the broker has not all of it', async () => {
    const stand = await SiteStand.open();
    const first = await stand.desk();
    await first.publishRecord(person('a', 1));
    await first.publishHead();
    stand.broker.retained.delete(topics.record('a'));
    const second = await stand.desk();
    const following = second.followRoster(1_000);
    await stand.settle();
    await stand.clock.advance(2_000);
    assert.equal(await following, 'incomplete');
  });

  it('does not enrol or command without a content key', async () => {
    const stand = await SiteStand.open();
    const auditor = await stand.desk('auditor');
    await assert.rejects(auditor.publishRecord(person('a', 1)), faultCoded('PORTICO_SITE_REFUSED'));
    const command = auditor.sendCommand('gate-1', { name: 'pulse' });
    await assert.rejects(command, faultCoded('PORTICO_SITE_REFUSED'));
  });

  it('does not publish a record that no gate would take', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    const nameless = person('a', 1, '');
    await assert.rejects(desk.publishRecord(nameless), faultCoded('PORTICO_SITE_REFUSED'));
    assert.equal(stand.broker.retained.has(topics.record('a')), false);
  });
});

describe('rosterFault', () => {
  it('is raised for what is missing or out of date and for nothing else', () => {
    assert.equal(rosterFault('incomplete')?.code, 'PORTICO_ROSTER_INCOMPLETE');
    assert.equal(rosterFault('stale')?.code, 'PORTICO_ROSTER_STALE');
    assert.equal(rosterFault('expired')?.code, 'PORTICO_ROSTER_STALE');
    for (const standing of ['unheaded', 'catching-up', 'current'] as const) {
      assert.equal(rosterFault(standing), undefined);
    }
  });
});
