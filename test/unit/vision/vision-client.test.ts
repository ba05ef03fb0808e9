import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Observation } from '../../../src/domain/observation.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { FrameSlots, type SlotFrame } from '../../../src/vision/frame-slots.ts';
import { VISION_LIMITS, Vision } from '../../../src/vision/vision-client.ts';
import type { VisionRequest } from '../../../src/vision/vision-messages.ts';
import type { VisionThreadListener } from '../../../src/vision/vision-thread.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';

class FakeThread {
  readonly listener: VisionThreadListener;
  readonly requests: VisionRequest[] = [];
  terminated = 0;
  /** Called to let `terminate` resolve; a hung worker never does. */
  finish: () => void = () => undefined;
  readonly #hangs: boolean;

  constructor(listener: VisionThreadListener, hangs: boolean) {
    this.listener = listener;
    this.#hangs = hangs;
  }
  post(request: VisionRequest): void {
    this.requests.push(request);
  }
  terminate(): Promise<void> {
    this.terminated += 1;
    if (!this.#hangs) return Promise.resolve();
    return new Promise((resolve) => {
      this.finish = resolve;
    });
  }
  frames(): readonly SlotFrame[] {
    return this.requests.flatMap((request) => (request.kind === 'observe' ? [request.frame] : []));
  }
  ready(): void {
    this.listener.onReply({ kind: 'ready', ladder: [] });
  }
  answer(index = this.requests.length - 1): void {
    const frame = this.frames()[index]!;
    const observation: Observation = {
      sequence: frame.sequence,
      capturedAtMs: frame.capturedAtMs,
      faceCount: 0,
      hasRival: false,
      subject: undefined,
      timings: {},
    };
    this.listener.onReply({ kind: 'observation', observation });
  }
}

function setUp({ hangs = false } = {}) {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const slots = new FrameSlots({ widthPx: 2, heightPx: 2 });
  const threads: FakeThread[] = [];
  const heard: string[] = [];
  const vision = new Vision({
    clock,
    logger,
    slots,
    limits: VISION_LIMITS,
    spawn: (listener) => {
      const thread = new FakeThread(listener, hangs);
      threads.push(thread);
      return thread;
    },
    listener: {
      onObservation: ({ sequence }) => heard.push(`observation ${sequence}`),
      onFault: (reason, fault) => heard.push(`${reason} ${fault.code}`),
      onReady: () => heard.push('ready'),
    },
  });
  const commit = (): void => {
    slots.beginFrame();
    slots.commitFrame(monotonicMs(clock.now()));
  };
  const thread = (index: number): FakeThread => threads[index]!;
  return { clock, logger, slots, threads, thread, heard, vision, commit };
}

describe('Vision', () => {
  it('hands nothing over before the models are proven', () => {
    const { thread, commit, heard } = setUp();
    commit();
    assert.equal(thread(0).requests.length, 0);
    thread(0).ready();
    assert.equal(thread(0).requests.length, 1);
    assert.deepEqual(heard, ['ready']);
  });

  it('asks a worker that is ready, and no other, for a challenge', () => {
    const { vision, thread } = setUp();
    const order = {
      orderId: 1,
      trackId: 4,
      actions: ['turn-left', 'blink', 'turn-right'],
    } as const;
    vision.ask(order);
    assert.deepEqual(thread(0).requests, []);
    thread(0).ready();
    vision.ask(order);
    assert.deepEqual(thread(0).requests, [{ kind: 'ask', order }]);
  });

  it('keeps one frame in flight and then takes the newest', () => {
    const { thread, commit, heard } = setUp();
    thread(0).ready();
    commit();
    commit();
    commit();
    assert.equal(thread(0).requests.length, 1);
    thread(0).answer();
    assert.deepEqual(
      thread(0)
        .frames()
        .map(({ sequence }) => sequence),
      [1, 3],
    );
    thread(0).answer();
    assert.equal(thread(0).requests.length, 2);
    assert.deepEqual(heard, ['ready', 'observation 1', 'observation 3']);
  });

  it('reports a timeout and replaces the worker when a frame is late', async () => {
    const { clock, thread, threads, commit, heard, logger } = setUp();
    thread(0).ready();
    commit();
    await clock.advance(VISION_LIMITS.frameDeadlineMs);
    assert.deepEqual(heard, ['ready', 'stage-timeout PORTICO_VISION_FAILED']);
    assert.equal(thread(0).terminated, 1);
    assert.equal(logger.records.at(-1)?.level, 'error');
    await clock.advance(VISION_LIMITS.firstRestartMs);
    assert.equal(threads.length, 2);
    thread(1).ready();
    commit();
    thread(1).answer();
    assert.deepEqual(heard.slice(2), ['ready', 'observation 2']);
  });

  it('ignores what a worker says after it was given up', async () => {
    const { clock, thread, commit, heard } = setUp();
    thread(0).ready();
    commit();
    await clock.advance(VISION_LIMITS.frameDeadlineMs);
    const before = [...heard];
    thread(0).answer();
    thread(0).listener.onExit('exit code 1');
    assert.deepEqual(heard, before);
  });

  it('neither reuses the slot nor starts another worker while the old one hangs', async () => {
    const { clock, slots, thread, threads, commit } = setUp({ hangs: true });
    thread(0).ready();
    commit();
    await clock.advance(VISION_LIMITS.frameDeadlineMs + 60_000);
    assert.equal(threads.length, 1);
    commit();
    assert.equal(slots.takeNewest(0), undefined);
    thread(0).finish();
    await clock.advance(VISION_LIMITS.firstRestartMs);
    assert.equal(threads.length, 2);
  });

  it('reports a crash and restarts ever more slowly while it repeats', async () => {
    const { clock, thread, threads, heard } = setUp();
    for (const pauseMs of [250, 500, 1_000, 2_000]) {
      thread(threads.length - 1).listener.onExit('exit code 134');
      const count = threads.length;
      await clock.advance(pauseMs - 1);
      assert.equal(threads.length, count);
      await clock.advance(1);
      assert.equal(threads.length, count + 1);
    }
    assert.ok(heard.every((entry) => entry === 'stage-fault PORTICO_VISION_FAILED'));
  });

  it('passes on the fault of a model under its own code', () => {
    const { thread, heard, logger } = setUp();
    thread(0).listener.onReply({
      kind: 'fault',
      fault: { code: 'PORTICO_MODEL_MISSING', message: 'not there', remedy: 'prepare it' },
    });
    assert.deepEqual(heard, ['stage-fault PORTICO_MODEL_MISSING']);
    const { detail } = logger.records[0]!.fields;
    assert.equal(detail, 'not there');
  });

  it('gives up on models that do not load in time', async () => {
    const { clock, heard } = setUp();
    await clock.advance(VISION_LIMITS.startDeadlineMs);
    assert.deepEqual(heard, ['stage-timeout PORTICO_VISION_FAILED']);
  });

  it('is silent after close, and leaves no timer', async () => {
    const { clock, thread, commit, heard, vision } = setUp();
    thread(0).ready();
    commit();
    await vision.close();
    await vision.close();
    thread(0).answer();
    commit();
    assert.deepEqual(heard, ['ready']);
    assert.equal(thread(0).terminated, 1);
    assert.equal(clock.pendingTimers, 0);
  });

  it('does not come back when it is closed while it waits to restart', async () => {
    const { clock, thread, threads, vision } = setUp();
    thread(0).listener.onExit('exit code 1');
    await clock.advance(0);
    await vision.close();
    await clock.advance(60_000);
    assert.equal(threads.length, 1);
    assert.equal(clock.pendingTimers, 0);
  });
});
