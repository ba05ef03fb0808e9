import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { EventLog } from '../../../src/console/event-log.ts';
import type { EventDocument } from '../../../src/messaging/documents/event-document.ts';

/** A gate's events from a number on, each with the hash of the one before. */
function chain(count: number, gateId = 'front'): readonly EventDocument[] {
  let previous = Buffer.alloc(32);
  return Array.from({ length: count }, (_, index) => {
    const record = JSON.stringify({ atMs: 1_000 * (index + 1), event: { type: 'door.closed' } });
    const hash = createHash('sha256').update(previous).update(record).digest();
    const document: EventDocument = {
      schemaVersion: 1,
      kind: 'event',
      site: 'harbour',
      gateId,
      streamId: 'stream-of-this-gate-01',
      number: index + 1,
      record,
      previousHash: previous.toString('base64url'),
      hash: hash.toString('base64url'),
    };
    previous = hash;
    return document;
  });
}

const standings = (log: EventLog): readonly (readonly unknown[])[] =>
  log.chains().map(({ gateId, from, upTo, standing }) => [gateId, from, upTo, standing]);

describe('the log of events', () => {
  it('recalls what the archive has, in the order of time, and goes on from there', () => {
    const log = new EventLog();
    const [next, ...archived] = chain(4).toReversed();
    log.recall('front', archived.toReversed());
    log.recall('side', chain(2, 'side'));
    assert.deepEqual(
      log.newest(10).map(({ gateId, number }) => `${gateId} ${number}`),
      ['front 3', 'side 2', 'front 2', 'side 1', 'front 1'],
    );
    assert.equal(log.note(next!, 'next')?.chain, 'verified');
    assert.deepEqual(standings(log), [
      ['front', 1, 4, 'unbroken'],
      ['side', 1, 2, 'unbroken'],
    ]);
  });

  it('sees in the archive a record that was altered, and events that are missing', () => {
    const events = chain(4);
    const altered = events.map((event) =>
      event.number === 2 ? { ...event, record: event.record.replace('closed', 'forced') } : event,
    );
    const log = new EventLog();
    log.recall('front', altered);
    assert.equal(log.chain('front')?.standing, 'broken');
    assert.deepEqual(
      log.newest(4).map(({ chain: mark }) => mark),
      ['verified', 'verified', 'broken', 'verified'],
    );
    const gap = new EventLog();
    gap.recall('front', [events[0]!, events[3]!]);
    assert.equal(gap.chain('front')?.standing, 'after-loss');
  });

  it('shows nothing twice, and nothing before its turn', () => {
    const log = new EventLog();
    const [event] = chain(1);
    assert.equal(log.note(event!, 'gap'), undefined);
    assert.equal(log.note(event!, 'first')?.number, 1);
    assert.equal(log.note(event!, 'duplicate'), undefined);
    assert.equal(log.newest(9).length, 1);
  });

  it('never forgets that a chain was broken, until the gate begins another one', () => {
    const log = new EventLog();
    const [first, second, third, fourth] = chain(4);
    log.note(first!, 'broken-chain');
    log.note(second!, 'next');
    assert.equal(log.chain('front')?.standing, 'broken');
    log.note(third!, 'new-stream');
    log.note(fourth!, 'next');
    assert.deepEqual(standings(log), [['front', 3, 4, 'unbroken']]);
  });

  it('keeps what a gate of another version says, and survives what is no event', () => {
    const log = new EventLog();
    const [event] = chain(1);
    const record = JSON.stringify({ atMs: 5, event: { type: 'lamp.lit', level: 3 } });
    assert.equal(log.note({ ...event!, record }, 'first')?.type, 'lamp.lit');
    assert.equal(log.note({ ...event!, record: 'nonsense' }, 'next'), undefined);
  });
});
