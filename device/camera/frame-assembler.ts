import type { MonotonicMs } from '../../src/domain/units.ts';

/** The two calls of a sink that assembling needs. */
export interface AssemblyTarget {
  beginFrame(): Uint8Array;
  commitFrame(capturedAtMs: MonotonicMs): void;
}

/**
 * Cuts a byte stream into frames of one size, each byte copied once, straight into the receiver's
 * buffer. A frame that the stream leaves unfinished is never committed.
 */
export class FrameAssembler {
  readonly #target: AssemblyTarget;
  readonly #frameBytes: number;
  readonly #now: () => MonotonicMs;
  #buffer: Uint8Array | undefined;
  #filled = 0;

  constructor(target: AssemblyTarget, frameBytes: number, now: () => MonotonicMs) {
    this.#target = target;
    this.#frameBytes = frameBytes;
    this.#now = now;
  }

  push(chunk: Uint8Array): void {
    let offset = 0;
    while (offset < chunk.length) {
      this.#buffer ??= this.#target.beginFrame();
      const take = Math.min(this.#frameBytes - this.#filled, chunk.length - offset);
      const isWhole = offset === 0 && take === chunk.length;
      this.#buffer.set(isWhole ? chunk : chunk.subarray(offset, offset + take), this.#filled);
      offset += take;
      this.#filled += take;
      if (this.#filled === this.#frameBytes) {
        this.#buffer = undefined;
        this.#filled = 0;
        this.#target.commitFrame(this.#now());
      }
    }
  }
}
