import { ConfigError } from '../domain/errors.ts';
import type { FrameSize } from '../domain/frame.ts';
import type { Camera, FrameSink } from '../domain/ports/camera.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';

/**
 * A camera that has the next frame ready whenever the last one was looked at: it never makes vision
 * wait. Its frames were drawn beforehand and come round and round.
 */
export class ReadyCamera implements Camera {
  readonly description: string;
  readonly size: FrameSize;
  readonly #clock: Clock;
  readonly #frames: readonly Uint8Array[];
  #sink: FrameSink | undefined;
  #next = 0;
  #cancel: Cancel = () => undefined;

  /** @param frames  packed RGB of `size` each, at least one */
  constructor(clock: Clock, size: FrameSize, frames: readonly Uint8Array[]) {
    if (frames.length === 0) {
      throw new ConfigError('PORTICO_CONFIG_INVALID', {
        message: 'there is no frame to measure with',
        remedy: 'Prepare the pictures: portico models prepare demo-photos',
      });
    }
    this.description = `${frames.length} frames drawn beforehand`;
    this.size = size;
    this.#clock = clock;
    this.#frames = frames;
  }

  open(sink: FrameSink): Promise<void> {
    this.#sink = sink;
    this.#commit();
    return Promise.resolve();
  }

  /** A frame was looked at: the next is laid ready, while vision already looks at the one before. */
  advance(): void {
    this.#cancel = this.#clock.after(0, () => this.#commit());
  }

  close(): Promise<void> {
    this.#cancel();
    this.#sink = undefined;
    return Promise.resolve();
  }

  #commit(): void {
    const frame = this.#frames[this.#next % this.#frames.length];
    if (this.#sink === undefined || frame === undefined) return;
    this.#next += 1;
    this.#sink.beginFrame().set(frame);
    this.#sink.commitFrame(this.#clock.now());
  }
}
