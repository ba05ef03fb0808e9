import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeviceError } from '../../src/domain/errors.ts';
import { type FrameSize, frameBytes } from '../../src/domain/frame.ts';
import type { FrameSink } from '../../src/domain/ports/camera.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';

/** Two buffers in turn, as the gate has them; checks the discipline of begin and commit throughout. */
export class ProbeSink implements FrameSink {
  readonly frameTimes: number[] = [];
  readonly faults: DeviceError[] = [];
  /** 'frame', 'recovery' or the code of a fault, in order; frames in a row count once. */
  readonly story: string[] = [];
  recoveries = 0;
  readonly #buffers: readonly [Uint8Array, Uint8Array];
  #filling: 0 | 1 = 0;
  #hasBegun = false;

  constructor(size: FrameSize) {
    this.#buffers = [new Uint8Array(frameBytes(size)), new Uint8Array(frameBytes(size))];
  }

  beginFrame(): Uint8Array {
    this.#hasBegun = true;
    return this.#buffers[this.#filling];
  }

  commitFrame(capturedAtMs: MonotonicMs): void {
    assert.ok(this.#hasBegun, 'a frame was committed that was never begun');
    this.#hasBegun = false;
    const previousMs = this.frameTimes.at(-1) ?? 0;
    assert.ok(capturedAtMs >= previousMs, 'time of capture went backwards');
    this.frameTimes.push(capturedAtMs);
    this.#filling = this.#filling === 0 ? 1 : 0;
    if (this.story.at(-1) !== 'frame') this.story.push('frame');
  }

  onFault(fault: DeviceError): void {
    this.faults.push(fault);
    this.story.push(fault.code);
  }

  onRecovery(): void {
    this.recoveries += 1;
    this.story.push('recovery');
  }

  /** A copy of the newest committed frame. */
  newest(): Uint8Array {
    return this.#buffers[this.#filling === 0 ? 1 : 0].slice();
  }

  async until(condition: (sink: ProbeSink) => boolean, withinMs: number): Promise<void> {
    const deadlineMs = performance.now() + withinMs;
    while (!condition(this)) {
      assert.ok(
        performance.now() < deadlineMs,
        `not within ${withinMs} ms; so far: ${this.story.join(', ')}, ${this.frameTimes.length} frames`,
      );
      await delay(10);
    }
  }
}
