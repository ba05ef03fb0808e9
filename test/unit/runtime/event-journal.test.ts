import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GateEvent, NumberedEvent } from '../../../src/domain/events.ts';
import { wallMs } from '../../../src/domain/units.ts';
import { EventJournal } from '../../../src/runtime/event-journal.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

function setUp() {
  const logger = new RecordingLogger();
  const stored: NumberedEvent[] = [];
  const told: number[] = [];
  const failures: unknown[] = [];
  const rig = {
    logger,
    stored,
    told,
    failures,
    isFull: false,
    /** What the failure of the sink sets off. */
    reaction: (): void => undefined,
    types: () => stored.map(({ event }) => event.type),
  };
  const journal = new EventJournal({
    logger,
    sink: {
      append: (event) => {
        if (rig.isFull) throw new Error('no space left');
        const numbered = { number: stored.length + 1, atMs: wallMs(0), event };
        stored.push(numbered);
        return numbered;
      },
    },
    onStored: ({ number }) => told.push(number),
    onFailure: (error) => {
      failures.push(error);
      rig.reaction();
    },
  });
  return { ...rig, rig, journal };
}

const FORCED: GateEvent = { type: 'door.forced' };
const CLOSED: GateEvent = { type: 'door.closed' };
const FAULT: GateEvent = { type: 'fault.raised', code: 'PORTICO_STORE_WRITE', detail: 'full' };

describe('event journal', () => {
  it('hands events over as they come and says so when they are stored', () => {
    const { journal, types, told } = setUp();
    journal.append(FORCED);
    journal.append(CLOSED);
    assert.deepEqual(types(), ['door.forced', 'door.closed']);
    assert.deepEqual(told, [1, 2]);
    assert.equal(journal.isBehind, false);
  });

  it('keeps what is not taken, in order, and tells nobody of it until it is stored', () => {
    const { journal, rig, types, told, failures } = setUp();
    rig.isFull = true;
    journal.append(FORCED);
    journal.append(CLOSED);
    assert.deepEqual([types(), told, journal.isBehind], [[], [], true]);
    rig.isFull = false;
    journal.catchUp();
    assert.deepEqual(types(), ['door.forced', 'door.closed']);
    assert.deepEqual(told, [1, 2]);
    assert.equal(journal.isBehind, false);
    assert.equal(failures.length, 2);
  });

  it('queues the event of the failure behind the one that failed', () => {
    const { journal, rig, types } = setUp();
    rig.isFull = true;
    rig.reaction = () => {
      rig.reaction = () => undefined;
      journal.append(FAULT);
    };
    journal.append(FORCED);
    rig.isFull = false;
    journal.append(CLOSED);
    assert.deepEqual(types(), ['door.forced', 'fault.raised', 'door.closed']);
  });

  it('bounds what waits and says what it lost', () => {
    const { journal, rig, types, logger } = setUp();
    rig.isFull = true;
    for (let count = 0; count < 10_003; count += 1) journal.append(FORCED);
    rig.isFull = false;
    journal.catchUp();
    assert.equal(types().length, 10_000);
    assert.equal(logger.records.filter(({ fields }) => fields.event === 'event.lost').length, 3);
  });
});
