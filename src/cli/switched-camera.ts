import type { FrameSize } from '../domain/frame.ts';
import type { Camera, FrameSink } from '../domain/ports/camera.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';

/** Shows one set of frames, drawn beforehand, round and round at a camera's pace, until it is given another. */
export class SwitchedCamera implements Camera {
  readonly description = 'frames drawn beforehand';
  readonly size: FrameSize;
  readonly #clock: Clock;
  readonly #periodMs: number;
  #frames: readonly Uint8Array[];
  #next = 0;
  #onShown: (atMs: number) => void = () => undefined;
  #cancel: Cancel = () => undefined;

  /** @param frames  packed RGB of `size` each, at least one */
  constructor(
    clock: Clock,
    size: FrameSize,
    shown: { readonly frames: readonly Uint8Array[]; readonly framesPerSecond: number },
  ) {
    this.size = size;
    this.#clock = clock;
    this.#frames = shown.frames;
    this.#periodMs = 1_000 / shown.framesPerSecond;
  }

  /** @returns when the first of them stood ready to be looked at */
  show(frames: readonly Uint8Array[]): Promise<number> {
    this.#frames = frames;
    this.#next = 0;
    return new Promise((resolve) => {
      this.#onShown = resolve;
    });
  }

  open(sink: FrameSink): Promise<void> {
    this.#commit(sink);
    this.#cancel = this.#clock.every(this.#periodMs, () => this.#commit(sink));
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#cancel();
    return Promise.resolve();
  }

  #commit(sink: FrameSink): void {
    const frame = this.#frames[this.#next % this.#frames.length];
    if (frame === undefined) return;
    this.#next += 1;
    const nowMs = this.#clock.now();
    sink.beginFrame().set(frame);
    sink.commitFrame(nowMs);
    this.#onShown(nowMs);
  }
}
