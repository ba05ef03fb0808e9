import { drawFrames } from '../../device/camera/draw-frames.ts';
import type { SceneScript } from '../../device/camera/scene-camera.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { Camera, FrameSink } from '../../src/domain/ports/camera.ts';
import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import { seededRandom } from '../../src/numeric/random.ts';

/** A part of the replay: a script's frames, drawn once, each held for some frames, all of it played so many times over. */
export interface ReplayedScene {
  readonly script: SceneScript;
  readonly lengthMs: number;
  /** Of the script, between two drawings. */
  readonly everyMs: number;
  readonly heldFor: number;
  readonly times: number;
}

/** A frame that nobody asked for follows after this long: a gate that lost one is not left waiting. */
const IDLE_MS = 500;

/**
 * Plays scenes drawn beforehand, without end, a frame whenever `next` is called. As with a camera that runs
 * by itself, one frame is ready while another is being looked at.
 */
export class ReplayCamera implements Camera {
  readonly description = 'replayed scenes';
  readonly size: FrameSize;
  readonly #frames: readonly Uint8Array[];
  readonly #clock: Clock;
  #sink: FrameSink | undefined;
  #at = 0;
  #cancelIdle: Cancel = () => undefined;
  #committedAtMs = 0;

  constructor(scenes: readonly ReplayedScene[], size: FrameSize, clock: Clock) {
    this.size = size;
    this.#clock = clock;
    this.#frames = scenes.flatMap(({ script, lengthMs, everyMs, heldFor, times }, index) => {
      const count = Math.max(1, Math.round(lengthMs / everyMs));
      const random = seededRandom(index + 1);
      const drawn = drawFrames(script, { size, random, fromMs: 0, everyMs, count });
      const held = drawn.flatMap((frame) => Array.from({ length: heldFor }, () => frame));
      return Array.from({ length: times }, () => held).flat();
    });
  }

  open(sink: FrameSink): Promise<void> {
    this.#sink = sink;
    // The first is taken at once, the second waits.
    this.next();
    this.next();
    this.#cancelIdle = this.#clock.every(IDLE_MS, () => {
      if (this.#clock.now() - this.#committedAtMs >= IDLE_MS) this.next();
    });
    return Promise.resolve();
  }

  next(): void {
    const frame = this.#frames[this.#at];
    if (this.#sink === undefined || frame === undefined) return;
    this.#at = (this.#at + 1) % this.#frames.length;
    this.#committedAtMs = this.#clock.now();
    this.#sink.beginFrame().set(frame);
    this.#sink.commitFrame(this.#clock.now());
  }

  close(): Promise<void> {
    this.#cancelIdle();
    this.#sink = undefined;
    return Promise.resolve();
  }
}
