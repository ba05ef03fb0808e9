import type { FrameSink } from '../../src/domain/ports/camera.ts';
import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';

/** `late`: no picture is ready, the tick passes without one. `end`: there will be no more. */
export type FillResult = 'filled' | 'late' | 'end';

export interface PacedFrameWriterOptions {
  readonly clock: Clock;
  readonly framesPerSecond: number;
  /** Where frames go; only these two calls are made. */
  readonly sink: Pick<FrameSink, 'beginFrame' | 'commitFrame'>;
  /**
   * Writes a whole frame into the target.
   * @param tick  counts every tick from 0, the late ones too
   */
  readonly fill: (target: Uint8Array, tick: number) => FillResult;
  readonly onEnd: () => void;
}

/**
 * Writes frames at a steady rate without drift: each tick is due at start + n / rate. Ticks that a
 * blocked event loop missed are left out, never made up for in a burst.
 */
export class PacedFrameWriter {
  readonly #options: PacedFrameWriterOptions;
  readonly #periodMs: number;
  readonly #startMs: number;
  #tick = 0;
  #cancel: Cancel | undefined;
  #target: Uint8Array | undefined;

  constructor(options: PacedFrameWriterOptions) {
    this.#options = options;
    this.#periodMs = 1000 / options.framesPerSecond;
    this.#startMs = options.clock.now();
    this.#cancel = options.clock.after(0, () => this.#write());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #write(): void {
    const { clock, sink, fill, onEnd } = this.#options;
    this.#target ??= sink.beginFrame();
    const result = fill(this.#target, this.#tick);
    if (result === 'end') {
      this.stop();
      onEnd();
      return;
    }
    if (result === 'filled') {
      this.#target = undefined;
      sink.commitFrame(clock.now());
    }
    // The sink may have stopped us from within its commit.
    if (this.#cancel === undefined) return;
    const passed = Math.floor((clock.now() - this.#startMs) / this.#periodMs);
    this.#tick = Math.max(this.#tick, passed) + 1;
    const dueMs = this.#startMs + this.#tick * this.#periodMs;
    this.#cancel = clock.after(Math.max(0, dueMs - clock.now()), () => this.#write());
  }
}
