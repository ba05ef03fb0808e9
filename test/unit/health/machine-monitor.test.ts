import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GateEvent } from '../../../src/domain/events.ts';
import type { MachineReading } from '../../../src/domain/ports/machine-sensors.ts';
import { type MachineLimits, MachineMonitor } from '../../../src/health/machine-monitor.ts';
import { FaultBoard } from '../../../src/runtime/fault-board.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

const WELL: MachineReading = { hottestC: 50, isThrottled: false, freeBytes: 10_000 };
const LIMITS = { leastFreeBytes: 1_000, hottestC: 90, unsetClockAfterMs: 30_000 };

async function told(
  readings: readonly Partial<MachineReading>[],
  limits: MachineLimits = LIMITS,
): Promise<readonly string[]> {
  const clock = new FakeClock();
  const events: GateEvent[] = [];
  const faults = new FaultBoard((event) => events.push(event), new RecordingLogger());
  let next = 0;
  const sensors = {
    read: () => Promise.resolve({ ...WELL, ...readings[Math.min(next++, readings.length - 1)] }),
  };
  const monitor = new MachineMonitor({
    clock,
    sensors,
    limits,
    faults,
    onReading: () => undefined,
  });
  await monitor.start();
  await clock.advance(15_000 * (readings.length - 1));
  monitor.close();
  return events.map((event) => `${event.type} ${'code' in event ? event.code : ''}`);
}

describe('MachineMonitor', () => {
  it('reports a disk that is nearly full once, and its end only with room to spare', async () => {
    const course = [5_000, 999, 500, 1_100, 999, 1_250].map((freeBytes) => ({ freeBytes }));
    assert.deepEqual(await told(course), [
      'fault.raised PORTICO_DISK_NEARLY_FULL',
      'fault.cleared PORTICO_DISK_NEARLY_FULL',
    ]);
  });

  it('reports heat once, and its end only well below the limit', async () => {
    const course = [80, 91, 95, 89, 86, 91, 85].map((hottestC) => ({ hottestC }));
    assert.deepEqual(await told(course), [
      'fault.raised PORTICO_TOO_HOT',
      'fault.cleared PORTICO_TOO_HOT',
    ]);
  });

  it('reports a clock that stays unset, not one that is about to be set, and its end at once', async () => {
    const course = [false, false, true, false, false, false, false, true].map(
      (isClockSynchronised) => ({ isClockSynchronised }),
    );
    assert.deepEqual(await told(course), [
      'fault.raised PORTICO_CLOCK_UNSYNCHRONISED',
      'fault.cleared PORTICO_CLOCK_UNSYNCHRONISED',
    ]);
    assert.deepEqual(await told(course, { ...LIMITS, unsetClockAfterMs: undefined }), []);
    assert.deepEqual(await told(course.map(() => ({}))), []);
  });

  it('takes what cannot be read for neither well nor ill', async () => {
    const unknown = { hottestC: undefined, freeBytes: undefined };
    assert.deepEqual(await told([unknown, unknown]), []);
    assert.deepEqual(await told([{ hottestC: 99, freeBytes: 1 }, unknown]), [
      'fault.raised PORTICO_DISK_NEARLY_FULL',
      'fault.raised PORTICO_TOO_HOT',
    ]);
  });

  it('asks a file system that hangs only once, and is silent after its end', async () => {
    const clock = new FakeClock();
    let asked = 0;
    let answer: (reading: MachineReading) => void = () => undefined;
    const heard: MachineReading[] = [];
    const monitor = new MachineMonitor({
      clock,
      sensors: {
        read: () => {
          asked += 1;
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
      limits: LIMITS,
      faults: { raise: () => assert.fail('raised'), clear: () => undefined },
      onReading: (reading) => heard.push(reading),
    });
    const started = monitor.start();
    await clock.advance(60_000);
    assert.equal(asked, 1);
    monitor.close();
    answer({ ...WELL, freeBytes: 0 });
    await started;
    assert.deepEqual(heard, []);
  });
});
