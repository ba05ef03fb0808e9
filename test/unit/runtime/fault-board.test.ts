import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ErrorCode, PorticoError } from '../../../src/domain/errors.ts';
import type { GateEvent } from '../../../src/domain/events.ts';
import { asFault } from '../../../src/runtime/as-fault.ts';
import { FaultBoard } from '../../../src/runtime/fault-board.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

function setUp() {
  const events: GateEvent[] = [];
  const logger = new RecordingLogger();
  return { events, logger, board: new FaultBoard((event) => events.push(event), logger) };
}

const fault = (code: ErrorCode, message = 'broken'): PorticoError =>
  new PorticoError(code, { message, remedy: 'mend it' });

describe('fault board', () => {
  it('reports a fault once when it begins and once when it ends', () => {
    const { board, events } = setUp();
    board.raise(fault('PORTICO_CAMERA_BLACK'));
    board.raise(fault('PORTICO_CAMERA_BLACK', 'still broken'));
    board.clear('PORTICO_CAMERA_BLACK');
    board.clear('PORTICO_CAMERA_BLACK');
    assert.deepEqual(events, [
      { type: 'fault.raised', code: 'PORTICO_CAMERA_BLACK', detail: 'broken' },
      { type: 'fault.cleared', code: 'PORTICO_CAMERA_BLACK' },
    ]);
  });

  it('names the faults that hold, in the order in which they began', () => {
    const { board } = setUp();
    board.raise(fault('PORTICO_STORE_WRITE'));
    board.raise(fault('PORTICO_CAMERA_BLACK'));
    assert.deepEqual(board.codes(), ['PORTICO_STORE_WRITE', 'PORTICO_CAMERA_BLACK']);
    board.clear('PORTICO_STORE_WRITE', 'PORTICO_STORE_LOCKED');
    assert.deepEqual(board.codes(), ['PORTICO_CAMERA_BLACK']);
  });

  it('logs a fault with what to do about it', () => {
    const { board, logger } = setUp();
    board.raise(fault('PORTICO_CAMERA_BLACK'));
    assert.equal(logger.records[0]?.level, 'error');
    assert.equal(logger.records[0].fields['remedy'], 'mend it');
  });
});

describe('as fault', () => {
  it('passes a known fault through and calls anything else our defect', () => {
    const known = fault('PORTICO_STORE_WRITE');
    assert.equal(asFault(known), known);
    const cause = new TypeError('undefined is not a function');
    const unknown = asFault(cause);
    assert.equal(unknown.code, 'PORTICO_INVARIANT_BROKEN');
    assert.equal(unknown.cause, cause);
    assert.match(asFault('text').message, /text/);
  });
});
