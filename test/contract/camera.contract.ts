import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { Camera } from '../../src/domain/ports/camera.ts';
import { descendantsOf } from './camera-descendants.ts';
import { ProbeSink } from './camera-probe-sink.ts';

export interface CameraSubject {
  readonly size: FrameSize;
  readonly framesPerSecond: number;
  /** Whether frames come from a child process, which can then die and hang. */
  readonly hasChild: boolean;
  /** Whether its pictures differ from each other. */
  readonly isMoving: boolean;
  readonly make: () => Promise<Camera>;
  /** The same driver with a source that is not there. */
  readonly makeAbsent: () => Promise<Camera>;
  /** Reason why this driver cannot run here. */
  readonly skip?: string;
}

const FIRST_FRAME_MS = 10_000;

/** What every camera promises; see the port. */
export function cameraContract(name: string, subject: CameraSubject): void {
  describe(`${name} keeps the contract of a camera`, { skip: subject.skip ?? false }, () => {
    let camera: Camera;
    let sink: ProbeSink;
    /** Processes of the test itself, e.g. a network camera. */
    let strangers: ReadonlySet<number>;
    const children = (): readonly number[] =>
      descendantsOf(process.pid)
        .map(({ pid }) => pid)
        .filter((pid) => !strangers.has(pid));
    /** The process that makes the frames: below a shell, if there is one. */
    const frameMaker = (): number => children().at(-1) ?? assert.fail('no child process');

    beforeEach(async () => {
      strangers = new Set(descendantsOf(process.pid).map(({ pid }) => pid));
      camera = await subject.make();
      sink = new ProbeSink(subject.size);
    });
    afterEach(async () => {
      await camera.close();
      assert.deepEqual(children(), [], 'a child was left behind');
    });

    it('opens with its first frame, of the exact size, within the deadline', async () => {
      const beganMs = performance.now();
      await camera.open(sink);
      assert.ok(performance.now() - beganMs < FIRST_FRAME_MS);
      assert.equal(sink.frameTimes.length, 1);
      assert.deepEqual(camera.size, subject.size);
      const values = new Set(sink.newest());
      assert.ok(values.size > 8, `a picture of ${values.size} shades`);
    });

    it('delivers frames at its rate, in order, into buffers taken in turn', async () => {
      await camera.open(sink);
      const wanted = Math.ceil(subject.framesPerSecond) * 2;
      await sink.until(({ frameTimes }) => frameTimes.length > wanted, 8_000);
      const tookMs = (sink.frameTimes.at(-1) ?? 0) - (sink.frameTimes[0] ?? 0);
      const rate = ((sink.frameTimes.length - 1) * 1_000) / tookMs;
      const { framesPerSecond } = subject;
      assert.ok(rate > framesPerSecond * 0.6 && rate < framesPerSecond * 1.4, `${rate} fps`);
      assert.deepEqual(sink.story, ['frame']);
      if (!subject.isMoving) return;
      const before = sink.newest();
      await sink.until(() => Buffer.compare(before, sink.newest()) !== 0, 2_000);
    });

    it('is silent after close, which may be called again', async () => {
      await camera.open(sink);
      await Promise.all([camera.close(), camera.close()]);
      const count = sink.frameTimes.length;
      assert.deepEqual(children(), []);
      await delay(300);
      assert.equal(sink.frameTimes.length, count);
      assert.deepEqual(sink.faults, []);
      await camera.close();
    });

    it('can be opened again after close', async () => {
      await camera.open(sink);
      await camera.close();
      const count = sink.frameTimes.length;
      await camera.open(sink);
      assert.equal(sink.frameTimes.length, count + 1);
    });

    it('can be closed while it opens', async () => {
      const opening = assert.rejects(camera.open(sink), { code: 'PORTICO_CAMERA_UNAVAILABLE' });
      await camera.close();
      await opening;
      await delay(200);
      assert.equal(sink.frameTimes.length, 0);
    });

    it('refuses to open without its source, and says what to do', async () => {
      const absent = await subject.makeAbsent();
      await assert.rejects(
        absent.open(sink),
        (error: Error & { remedy?: string; code?: string }) => {
          assert.equal(error.code, 'PORTICO_CAMERA_UNAVAILABLE');
          assert.ok((error.remedy ?? '').length > 20);
          return true;
        },
      );
      assert.equal(sink.frameTimes.length, 0);
    });

    if (!subject.hasChild) return;

    it('reports the sudden death of its child once, starts anew and reports recovery', async () => {
      await camera.open(sink);
      const killedPid = frameMaker();
      process.kill(killedPid, 'SIGKILL');
      await sink.until(({ recoveries }) => recoveries === 1, FIRST_FRAME_MS);
      const story = sink.story.slice(0, 4);
      assert.deepEqual(story, ['frame', 'PORTICO_CAMERA_UNAVAILABLE', 'frame', 'recovery']);
      assert.equal(sink.faults.length, 1);
      assert.notEqual(frameMaker(), killedPid);
    });

    it('reports a child that hangs without a word, ends it and starts anew', async () => {
      await camera.open(sink);
      const hungPid = frameMaker();
      process.kill(hungPid, 'SIGSTOP');
      const hungAtMs = performance.now();
      await sink.until(({ faults }) => faults.length === 1, 4_000);
      const noticedMs = performance.now() - hungAtMs;
      assert.ok(noticedMs > 1_500 && noticedMs < 3_500, `noticed after ${noticedMs} ms`);
      assert.equal(sink.faults[0]?.code, 'PORTICO_CAMERA_STALLED');
      await sink.until(({ recoveries }) => recoveries === 1, FIRST_FRAME_MS);
      assert.ok(!children().includes(hungPid));
    });

    it('closes in short time while its child hangs', async () => {
      await camera.open(sink);
      process.kill(frameMaker(), 'SIGSTOP');
      const beganMs = performance.now();
      await camera.close();
      assert.ok(performance.now() - beganMs < 2_000);
      assert.deepEqual(children(), []);
    });
  });
}
