import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { GateEvent } from '../../../src/domain/events.ts';
import type { OperatorOrder } from '../../../src/domain/operator-order.ts';
import { CodeGuard } from '../../../src/home-assistant/code-guard.ts';
import { DoorCommands } from '../../../src/home-assistant/door-commands.ts';
import type { HomeOpening } from '../../../src/home-assistant/home-gate.ts';
import type { IncomingMessage } from '../../../src/messaging/broker/broker-link.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const CODE = 'correct-horse';

class Bench {
  readonly clock = new FakeClock();
  readonly orders: OperatorOrder[] = [];
  readonly reports: GateEvent[] = [];
  readonly refused: string[] = [];
  readonly done: string[] = [];
  opening: HomeOpening = { outcome: 'opened' };
  isLockedDown = false;
  readonly commands: DoorCommands;

  constructor(hasKey = true) {
    this.commands = new DoorCommands({
      clock: this.clock,
      logger: new RecordingLogger(),
      gate: {
        openByOrder: (order) => {
          this.orders.push(order);
          return Promise.resolve(this.opening);
        },
        relock: () => Promise.resolve(void this.done.push('relock')),
        lockDown: () => Promise.resolve(void this.done.push('lock-down')),
        liftLockDown: () => void this.done.push('lift'),
        report: (event) => void this.reports.push(event),
        faultCodes: () => [],
      },
      door: () => ({
        state: 'locked',
        contact: 'closed',
        isLockedDown: this.isLockedDown,
        unlockedUntilMs: undefined,
      }),
      guard: hasKey ? new CodeGuard(CODE, this.clock) : undefined,
      onRefused: (because) => void this.refused.push(because),
    });
  }

  get at(): number {
    return this.clock.wall() / 1_000;
  }

  door(value: string, changes: Readonly<Record<string, unknown>> = {}, isRetained = false) {
    const payload = { value, code: CODE, at: this.at, ...changes };
    return this.commands.takeDoor(aMessage(JSON.stringify(payload), isRetained));
  }

  lockDown(action: string, changes: Readonly<Record<string, unknown>> = {}, isRetained = false) {
    const payload = { action, code: CODE, at: this.at, ...changes };
    return this.commands.takeLockDown(aMessage(JSON.stringify(payload), isRetained));
  }
}

const aMessage = (text: string, isRetained = false): IncomingMessage => ({
  topic: 'x',
  payload: Buffer.from(text),
  isRetained,
});

describe('opening from Home Assistant', () => {
  it('opens for the code, in time, under the name of the path', async () => {
    const bench = new Bench();
    await bench.door('UNLOCK');
    assert.deepEqual(bench.orders, [
      { kind: 'operator-order', by: 'home-assistant', receivedAtMs: bench.clock.now() },
    ]);
    assert.deepEqual(bench.refused, []);
  });

  it('never opens for anything but the code', async () => {
    const bench = new Bench();
    for (const code of [null, '', 'x', `${CODE} `, CODE.toUpperCase()]) {
      await bench.door('UNLOCK', { code, at: bench.at });
    }
    assert.deepEqual(bench.orders, []);
  });

  it('tells every wrong code as an event, and the last that is looked at', async () => {
    const bench = new Bench();
    for (let guess = 0; guess < 8; guess += 1)
      await bench.door('UNLOCK', { code: `wrong-${guess}` });
    await bench.door('UNLOCK');
    assert.deepEqual(bench.orders, []);
    const told = bench.reports.map((event) => event.type === 'order.refused' && event.because);
    assert.deepEqual(told, [...Array(5).fill('wrong-code'), 'too-many-wrong-codes']);
    assert.equal(
      JSON.stringify(bench.reports).includes('wrong-0'),
      false,
      'a guess is not written down',
    );
  });

  it('opens once for one command, however often it comes', async () => {
    const bench = new Bench();
    const { at } = bench;
    await bench.door('UNLOCK', { at });
    await bench.clock.advance(5_000);
    await bench.door('UNLOCK', { at });
    await bench.door('UNLOCK', { at: at - 1 });
    assert.equal(bench.orders.length, 1);
    assert.deepEqual(bench.refused, ['repeated', 'repeated']);
  });

  it('does not open for what was kept, late, early or not allowed', async () => {
    const bench = new Bench();
    await bench.door('UNLOCK', {}, true);
    await bench.door('UNLOCK', { at: bench.at - 16 });
    await bench.door('UNLOCK', { at: bench.at + 16 });
    const keyless = new Bench(false);
    await keyless.door('UNLOCK');
    assert.deepEqual([...bench.orders, ...keyless.orders], []);
    assert.deepEqual(bench.refused, ['retained', 'not-in-time', 'not-in-time']);
    assert.deepEqual(keyless.refused, ['not-allowed']);
  });

  it('tells when the door itself refuses', async () => {
    const bench = new Bench();
    bench.opening = { outcome: 'refused', because: 'locked-down' };
    await bench.door('UNLOCK');
    assert.deepEqual(bench.reports, [
      { type: 'order.refused', by: 'home-assistant', because: 'locked-down' },
    ]);
  });

  it('survives every payload and opens for none without the code', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.string(), fc.json(), fc.string({ minLength: 1_100 })),
        async (text) => {
          const bench = new Bench();
          await bench.commands.takeDoor(aMessage(text));
          await bench.commands.takeLockDown(aMessage(text));
          assert.deepEqual([bench.orders, bench.done], [[], []]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('locking from Home Assistant', () => {
  it('needs no code and no clock, but not a retained message', async () => {
    const bench = new Bench(false);
    await bench.door('LOCK', { code: null, at: 0 });
    await bench.lockDown('ARM_AWAY', { code: null, at: 0 });
    await bench.lockDown('ARM_AWAY', {}, true);
    assert.deepEqual(bench.done, ['relock', 'lock-down']);
  });

  it('does not lock down what is locked down', async () => {
    const bench = new Bench();
    bench.isLockedDown = true;
    await bench.lockDown('ARM_AWAY');
    assert.deepEqual(bench.done, []);
  });

  it('lifts a lock-down for the code alone', async () => {
    const bench = new Bench();
    await bench.lockDown('DISARM', { code: null });
    await bench.lockDown('DISARM', { code: 'guess-work' });
    await bench.lockDown('DISARM', {}, true);
    assert.deepEqual(bench.done, []);
    await bench.lockDown('DISARM');
    assert.deepEqual(bench.done, ['lift']);
  });
});
