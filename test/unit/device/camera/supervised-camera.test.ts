import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { FrameRun, FrameSource, RunListener } from '../../../../device/camera/frame-source.ts';
import { SupervisedCamera } from '../../../../device/camera/supervised-camera.ts';
import { DeviceError } from '../../../../src/domain/errors.ts';
import type { FrameSink } from '../../../../src/domain/ports/camera.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';
import { RecordingLogger } from '../../../helpers/recording-logger.ts';

const SIZE = { widthPx: 4, heightPx: 2 };

const deviceFault = (transient: boolean): DeviceError =>
  new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
    message: 'gone',
    remedy: 'plug it in',
    device: 'scripted',
    transient,
  });

class ScriptedRun implements FrameRun {
  stops = 0;
  readonly listener: RunListener;
  readonly #clock: FakeClock;
  constructor(listener: RunListener, clock: FakeClock) {
    this.listener = listener;
    this.#clock = clock;
  }
  frame(): void {
    this.listener.beginFrame();
    this.listener.commitFrame(this.#clock.now());
  }
  lastWords(): string {
    return 'its last words';
  }
  async stop(): Promise<void> {
    this.stops += 1;
  }
}

class ScriptedSource implements FrameSource {
  readonly description = 'scripted';
  readonly device = 'scripted';
  atEnd: 'start-over' | 'fault' = 'start-over';
  refuseWith: DeviceError | undefined;
  readonly runs: ScriptedRun[] = [];
  readonly startedAtMs: number[] = [];
  readonly #clock: FakeClock;
  constructor(clock: FakeClock) {
    this.#clock = clock;
  }
  start(listener: RunListener): FrameRun {
    this.startedAtMs.push(this.#clock.now());
    if (this.refuseWith !== undefined) throw this.refuseWith;
    const run = new ScriptedRun(listener, this.#clock);
    this.runs.push(run);
    return run;
  }
  get run(): ScriptedRun {
    return this.runs.at(-1) ?? assert.fail('nothing was started');
  }
}

class RecordingSink implements FrameSink {
  readonly calls: string[] = [];
  readonly #buffer = new Uint8Array(SIZE.widthPx * SIZE.heightPx * 3);
  beginFrame(): Uint8Array {
    return this.#buffer;
  }
  commitFrame(): void {
    this.calls.push('frame');
  }
  onFault(fault: DeviceError): void {
    this.calls.push(fault.code.replace('PORTICO_CAMERA_', ''));
  }
  onRecovery(): void {
    this.calls.push('recovery');
  }
}

describe('SupervisedCamera', () => {
  let clock: FakeClock;
  let source: ScriptedSource;
  let sink: RecordingSink;
  let logger: RecordingLogger;
  let camera: SupervisedCamera;

  beforeEach(() => {
    clock = new FakeClock();
    source = new ScriptedSource(clock);
    sink = new RecordingSink();
    logger = new RecordingLogger();
    camera = new SupervisedCamera({ source, size: SIZE, clock, logger });
  });

  async function opened(): Promise<void> {
    const opening = camera.open(sink);
    await clock.advance(0);
    source.run.frame();
    await opening;
    sink.calls.length = 0;
  }

  /** Frames every 100 ms. */
  async function flow(durationMs: number): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 100) {
      await clock.advance(100);
      source.run.frame();
    }
  }

  it('opens with the first frame', async () => {
    let isOpen = false;
    const opening = camera.open(sink).then(() => {
      isOpen = true;
    });
    await clock.advance(1_000);
    assert.equal(isOpen, false);
    source.run.frame();
    await opening;
    assert.deepEqual(sink.calls, ['frame']);
  });

  it('refuses to open, with the fault and nothing left behind, when the source cannot start', async () => {
    source.refuseWith = deviceFault(false);
    await assert.rejects(camera.open(sink), source.refuseWith);
    assert.equal(clock.pendingTimers, 0);
    assert.deepEqual(sink.calls, []);
  });

  it('refuses to open when no frame comes within the deadline', async () => {
    const opening = assert.rejects(camera.open(sink), {
      code: 'PORTICO_CAMERA_STALLED',
      message: /no frame for 1\d\.\d s; it last said: its last words/,
    });
    await clock.advance(11_000);
    await opening;
    assert.equal(source.run.stops, 1);
    assert.equal(clock.pendingTimers, 0);
  });

  it('opens again after it refused', async () => {
    source.refuseWith = deviceFault(true);
    await assert.rejects(camera.open(sink));
    source.refuseWith = undefined;
    await opened();
  });

  it('refuses to be opened twice', async () => {
    await opened();
    await assert.rejects(camera.open(sink), /open already/);
  });

  it('reports a fault between two and three seconds after the last frame, and starts anew', async () => {
    await opened();
    await clock.advance(1_990);
    assert.deepEqual(sink.calls, []);
    await clock.advance(1_000);
    assert.deepEqual(sink.calls, ['STALLED']);
    assert.equal(source.runs[0]?.stops, 1);
    await clock.advance(250);
    assert.equal(source.runs.length, 2);
    source.run.frame();
    assert.deepEqual(sink.calls, ['STALLED', 'frame', 'recovery']);
  });

  it('does not take the one late look of a blocked event loop for a stall', async () => {
    const looks: (() => void)[] = [];
    clock.every = (_periodMs, task) => {
      looks.push(task);
      return () => undefined;
    };
    await opened();
    await clock.advance(60_000);
    // After a block the timer fires once, before the frames that wait in the pipe are read.
    looks[0]?.();
    assert.deepEqual(sink.calls, []);
    for (let look = 0; look < 4; look += 1) looks[0]?.();
    assert.deepEqual(sink.calls, ['STALLED']);
  });

  it('waits twice as long after each failure, up to ten seconds, and never gives up', async () => {
    await opened();
    source.refuseWith = deviceFault(true);
    source.run.listener.onEnd({ kind: 'failed', fault: deviceFault(true) });
    await clock.advance(60_000);
    const waits = source.startedAtMs.slice(1).map((at, index) => at - source.startedAtMs[index]!);
    assert.deepEqual(waits, [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000]);
    assert.deepEqual(sink.calls, ['UNAVAILABLE'], 'the same fault is told once');
  });

  it('forgets earlier failures once frames have flowed for ten seconds', async () => {
    await opened();
    for (let failure = 0; failure < 3; failure += 1) {
      source.run.listener.onEnd({ kind: 'failed', fault: deviceFault(true) });
      await clock.advance(10_000);
      source.run.frame();
    }
    await flow(10_000);
    const endedAtMs = clock.now();
    source.run.listener.onEnd({ kind: 'failed', fault: deviceFault(true) });
    await clock.advance(10_000);
    assert.equal(source.startedAtMs.at(-1)! - endedAtMs, 250);
  });

  it('keeps the delay growing when a camera dies again and again after a frame', async () => {
    await opened();
    const waits: number[] = [];
    for (let death = 0; death < 4; death += 1) {
      const diedAtMs = clock.now();
      source.run.listener.onEnd({ kind: 'failed', fault: deviceFault(true) });
      await clock.advance(5_000);
      waits.push(source.startedAtMs.at(-1)! - diedAtMs);
      source.run.frame();
    }
    assert.deepEqual(waits, [250, 500, 1_000, 2_000]);
  });

  it('stays down after a fault that only a person can mend', async () => {
    await opened();
    source.run.listener.onEnd({ kind: 'failed', fault: deviceFault(false) });
    await clock.advance(120_000);
    assert.equal(source.runs.length, 1);
    assert.deepEqual(sink.calls, ['UNAVAILABLE']);
  });

  it('tells a fault of another kind during an outage', async () => {
    await opened();
    await clock.advance(3_000);
    await clock.advance(250);
    source.run.listener.onEnd({ kind: 'failed', fault: deviceFault(true) });
    assert.deepEqual(sink.calls, ['STALLED', 'UNAVAILABLE']);
  });

  it('starts looped material over without a fault', async () => {
    await opened();
    await flow(300);
    source.run.listener.onEnd({ kind: 'finished' });
    await clock.advance(0);
    source.run.frame();
    assert.equal(source.runs.length, 2);
    assert.deepEqual(sink.calls, ['frame', 'frame', 'frame', 'frame']);
  });

  it('starts material of a single picture over four times a second at most', async () => {
    await opened();
    for (let turn = 0; turn < 3; turn += 1) {
      source.run.listener.onEnd({ kind: 'finished' });
      await clock.advance(250);
      source.run.frame();
    }
    const waits = source.startedAtMs.slice(1).map((at, index) => at - source.startedAtMs[index]!);
    assert.deepEqual(waits, [250, 250, 250]);
  });

  it('reports the end of material that is not looped, for good', async () => {
    source.atEnd = 'fault';
    await opened();
    source.run.listener.onEnd({ kind: 'finished' });
    await clock.advance(60_000);
    assert.equal(source.runs.length, 1);
    assert.deepEqual(sink.calls, ['UNAVAILABLE']);
  });

  it('is silent after close, whatever an old run still says', async () => {
    await opened();
    const { run } = source;
    await camera.close();
    await camera.close();
    run.frame();
    run.listener.onEnd({ kind: 'failed', fault: deviceFault(true) });
    await clock.advance(60_000);
    assert.deepEqual(sink.calls, []);
    assert.equal(run.stops, 1);
    assert.equal(clock.pendingTimers, 0);
  });

  it('does not start again when it is closed during the wait for a retry', async () => {
    await opened();
    source.run.listener.onEnd({ kind: 'failed', fault: deviceFault(true) });
    await camera.close();
    await clock.advance(60_000);
    assert.equal(source.runs.length, 1);
  });

  it('rejects an opening that is closed', async () => {
    const opening = assert.rejects(camera.open(sink), { code: 'PORTICO_CAMERA_UNAVAILABLE' });
    await clock.advance(0);
    await camera.close();
    await opening;
    assert.equal(source.run.stops, 1);
  });
});
