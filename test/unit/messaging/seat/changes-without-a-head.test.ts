import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RosterBook } from '../../../../src/messaging/seat/roster-book.ts';
import { renewHead } from '../../../../src/office/renew-head.ts';
import { SitePeople } from '../../../../src/office/site-people.ts';
import { person } from '../../../helpers/site-fixture.ts';
import { SiteStand } from '../../../helpers/site-stand.ts';
import { faultCoded } from '../../../helpers/store-bench.ts';

const DAY_MS = 24 * 3600_000;

/** Waiting for a broker that has said everything, on a clock that has to be told. */
async function settled<T>(stand: SiteStand, promise: Promise<T>): Promise<T> {
  const done = promise.then(
    () => true,
    () => true,
  );
  for (let round = 0; round < 200; round += 1) {
    await stand.settle();
    if (await Promise.race([done, Promise.resolve(false)])) break;
    await stand.clock.advance(100);
  }
  return promise;
}

/** The desk of an administrator who published `a` and a head, then `b`, another `a`, and died. */
async function interrupted(): Promise<{ stand: SiteStand; book: RosterBook }> {
  const stand = await SiteStand.open();
  const book = new RosterBook();
  const desk = await stand.desk('administrator', { book });
  await desk.publishRecord(person('a', 1));
  await desk.publishHead();
  await desk.publishRecord(person('b', 2));
  await desk.publishRecord(person('a', 3));
  await desk.close();
  await stand.settle();
  return { stand, book: RosterBook.parse(book.serialise()) };
}

describe('changes of the roster that no head covers, because their program was killed', () => {
  it('are known by the book itself', async () => {
    const lines: string[] = [];
    const book = new RosterBook((line) => lines.push(JSON.stringify(line)));
    const entry = { kind: 'person', digest: 'd'.repeat(43), payload: 'x' } as const;
    book.put({ ...entry, identityId: 'a', version: 1 });
    const atHead = book.set();
    book.putHead({ epoch: 1, payload: 'h' });
    assert.deepEqual(book.setAtHead(), atHead);
    book.put({ ...entry, identityId: 'a', version: 2 });
    book.put({ ...entry, identityId: 'b', version: 1 });
    book.put({ ...entry, identityId: 'b', kind: 'tombstone', version: 2 });
    assert.deepEqual(book.setAtHead(), atHead);
    assert.notDeepEqual(book.set(), atHead);
    const again = RosterBook.parse(`${lines.join('\n')}\n`);
    assert.deepEqual(again.setAtHead(), atHead);
    assert.deepEqual(again.set(), book.set());
    again.putHead({ epoch: 2, payload: 'h' });
    assert.deepEqual(again.setAtHead(), again.set());
  });

  it('are covered by the next head of that desk', async () => {
    const { stand } = await interrupted();
    const book = new RosterBook();
    const fresh = await stand.desk('administrator', { book });
    // The same computer: what it published is in its book in the order in which it happened.
    await settled(stand, fresh.followRoster(1_000));
    await fresh.close();
    const desk = await stand.desk('administrator', { book: RosterBook.parse(replayed(book)) });
    const people = await settled(stand, SitePeople.open({ desk, clock: stand.clock }));
    assert.equal(people.identities().length, 2);
    await people.vouch();
    await stand.settle();
    assert.equal(stand.gate.standing(), 'current');
  });

  it('are not vouched for by a desk that did not make them', async () => {
    const { stand } = await interrupted();
    const desk = await stand.desk();
    await assert.rejects(
      settled(stand, SitePeople.open({ desk, clock: stand.clock })),
      faultCoded('PORTICO_ROSTER_INCOMPLETE'),
    );
  });
});

/** The lines of a book as the computer that made the changes has them: version 1 of a, head, then the rest. */
function replayed(book: RosterBook): string {
  const line = (value: object | undefined): string => `${JSON.stringify(value)}\n`;
  const [a, b] = [book.entry('a'), book.entry('b')];
  return line({ ...a, version: 1 }) + line(book.head) + line(b) + line(a);
}

describe('the head of a roster', () => {
  it('is renewed in the second half of its week, by whoever may enrol', async () => {
    const stand = await SiteStand.open();
    const desk = await stand.desk();
    assert.equal(await renewHead(desk, stand.clock), false, 'a site without a head is not begun');
    await desk.publishRecord(person('a', 1));
    await desk.publishHead();
    assert.equal(await renewHead(desk, stand.clock), false);
    stand.clock.stepWall(4 * DAY_MS);
    assert.equal(await renewHead(desk, stand.clock), true);
    assert.equal(desk.book.head?.epoch, 2);
    const auditor = await stand.desk('auditor', { book: RosterBook.parse(desk.book.serialise()) });
    stand.clock.stepWall(4 * DAY_MS);
    assert.equal(await renewHead(auditor, stand.clock), false);
    await stand.settle();
    assert.equal(stand.gate.standing(), 'current');
  });
});
