import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../../device/clock/system-clock.ts';
import { openRelay } from '../../device/relay/open-relay.ts';
import { DeviceError } from '../../src/domain/errors.ts';
import type { Relay } from '../../src/domain/ports/relay.ts';
import { waitUntil } from '../contract/relay.contract.ts';
import { type BoardFault, ModbusBoard } from '../contract/relay-rigs/modbus-board.ts';
import { whyNoPseudoSerial } from '../contract/relay-rigs/pseudo-serial.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';

interface Bench {
  readonly board: ModbusBoard;
  readonly relay: Relay;
  readonly logger: RecordingLogger;
}

async function withBoard(test: (bench: Bench) => Promise<void>): Promise<void> {
  const board = new ModbusBoard();
  const logger = new RecordingLogger();
  const path = await board.plugIn();
  const relay = await openRelay(`modbus:${path}?unit=1&channel=0`, {
    clock: systemClock,
    logger,
    maxPulseMs: 2_000,
  });
  try {
    await test({ board, relay, logger });
  } finally {
    await relay.close().catch(() => {});
    await board.unplug();
  }
}

describe('a Modbus relay in trouble', { skip: whyNoPseudoSerial() ?? false }, () => {
  const MET: Readonly<Record<Exclude<BoardFault, 'none' | 'stuck'>, RegExp>> = {
    silent: /no reply within/,
    garbage: /reply of another unit/,
    'wrong-checksum': /wrong checksum|more bytes/,
    half: /only 3 bytes/,
    exception: /illegal data address/,
  };
  for (const [fault, message] of Object.entries(MET)) {
    it(`fails a pulse whose command meets "${fault}", and switches off`, () =>
      withBoard(async ({ board, relay }) => {
        board.fault = fault as BoardFault;
        board.faultCount = 1;
        await assert.rejects(
          relay.pulse(2_000),
          (error) => error instanceof DeviceError && message.test(error.message),
        );
        assert.equal(board.isOn(0), false);
        assert.equal(await relay.state(), 'released');
        await relay.pulse(200); // the line is clean again
      }));
  }

  it('never repeats a command to energise', () =>
    withBoard(async ({ board, relay }) => {
      board.fault = 'silent';
      board.faultCount = 1;
      await assert.rejects(relay.pulse(500));
      assert.equal(board.frames.filter((frame) => frame[2] === 0x02).length, 1);
    }));

  it('repeats a reading that got lost', () =>
    withBoard(async ({ board, relay }) => {
      board.fault = 'silent';
      board.faultCount = 2;
      assert.equal(await relay.state(), 'released');
    }));

  it('says that it does not know when the board is silent', () =>
    withBoard(async ({ board, relay }) => {
      board.fault = 'silent';
      assert.equal(await relay.state(), 'unknown');
      await assert.rejects(relay.release(), { code: 'PORTICO_RELAY_WRITE' });
      board.fault = 'none';
    }));

  it('reports a coil that stays energised, and refuses another pulse', () =>
    withBoard(async ({ board, relay, logger }) => {
      await relay.pulse(200);
      board.fault = 'stuck';
      await waitUntil(() => !board.isOn(0), 5_000);
      board.switchOn(0);
      await waitUntil(
        () => logger.records.some((record) => record.fields.event === 'relay.not-released'),
        5_000,
      );
      await assert.rejects(relay.pulse(200), { code: 'PORTICO_RELAY_REFUSED' });
      assert.equal(await relay.state(), 'energised');
      board.fault = 'none';
    }));

  it('lets the board end the pulse when the cable is pulled, and says that it cannot know', () =>
    withBoard(async ({ board, relay, logger }) => {
      await relay.pulse(500);
      await board.unplug();
      await waitUntil(
        () => logger.records.some((record) => record.fields.event === 'relay.lost'),
        5_000,
      );
      assert.equal(await relay.state(), 'unknown');
      await assert.rejects(relay.pulse(100), DeviceError);
    }));

  it('refuses a pulse that its steps of 100 ms would make too long', () =>
    withBoard(async ({ relay }) => {
      await assert.rejects(relay.pulse(2_001), { code: 'PORTICO_RELAY_REFUSED' });
    }));
});

describe('a serial port that is not there', () => {
  for (const spec of [
    'modbus:/dev/portico-none?unit=1&channel=0',
    'lcus:/dev/portico-none?channel=1',
  ]) {
    it(`is named: ${spec}`, async () => {
      const given = { clock: systemClock, logger: new RecordingLogger(), maxPulseMs: 1_000 };
      await assert.rejects(openRelay(spec, given), (error) => {
        assert.ok(error instanceof DeviceError);
        assert.equal(error.code, 'PORTICO_RELAY_UNAVAILABLE');
        assert.match(error.message, /ENOENT/);
        assert.match(error.remedy, /ls \/dev\/ttyUSB/);
        return true;
      });
    });
  }
});
