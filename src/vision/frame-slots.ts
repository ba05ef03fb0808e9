import { type DeviceError, InvariantError } from '../domain/errors.ts';
import { type FrameSize, frameBytes } from '../domain/frame.ts';
import type { FrameSink } from '../domain/ports/camera.ts';
import { type MonotonicMs, monotonicMs } from '../domain/units.ts';

/** One being written, the newest complete one, one being read by the vision worker. */
const SLOTS = 3;

/** A complete frame in its slot. */
export interface SlotFrame {
  readonly slot: number;
  readonly sequence: number;
  readonly capturedAtMs: MonotonicMs;
}

export interface FrameListener {
  /** A newer frame is complete. */
  onFrame(): void;
  onCameraFault(fault: DeviceError): void;
  onCameraRecovery(): void;
}

/**
 * Frames in shared memory: the camera writes in place, the vision worker reads in place, and the
 * newest complete frame wins. Belongs to the main thread; a worker only sees the slot that was
 * taken for it, which is not written until it is released.
 */
export class FrameSlots implements FrameSink {
  readonly size: FrameSize;
  readonly buffers: readonly SharedArrayBuffer[];
  readonly #views: readonly Uint8Array[];
  readonly #listeners = new Set<FrameListener>();
  readonly #held = new Set<number>();
  /** Of the whole frame in each slot. */
  readonly #sequences: (number | undefined)[] = Array.from({ length: SLOTS });
  #writing: number | undefined;
  #newest: SlotFrame | undefined;
  #sequence = 0;

  constructor(size: FrameSize) {
    this.size = size;
    this.buffers = Array.from({ length: SLOTS }, () => new SharedArrayBuffer(frameBytes(size)));
    this.#views = this.buffers.map((buffer) => new Uint8Array(buffer));
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: FrameListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  beginFrame(): Uint8Array {
    const slot = this.#views.findIndex(
      (_view, index) => index !== this.#newest?.slot && !this.#held.has(index),
    );
    const view = this.#views[slot];
    if (view === undefined) throw broken('more than one slot is held at a time');
    this.#writing = slot;
    this.#sequences[slot] = undefined;
    return view;
  }

  commitFrame(capturedAtMs: MonotonicMs): void {
    if (this.#writing === undefined) throw broken('commitFrame without beginFrame');
    this.#sequence += 1;
    this.#newest = { slot: this.#writing, sequence: this.#sequence, capturedAtMs };
    this.#sequences[this.#writing] = this.#sequence;
    this.#writing = undefined;
    for (const listener of this.#listeners) listener.onFrame();
  }

  onFault(fault: DeviceError): void {
    for (const listener of this.#listeners) listener.onCameraFault(fault);
  }

  onRecovery(): void {
    for (const listener of this.#listeners) listener.onCameraRecovery();
  }

  /**
   * Takes the newest frame if it is newer than `afterSequence`, and holds its slot until `release`.
   * One slot can be held at a time.
   */
  takeNewest(afterSequence: number): SlotFrame | undefined {
    const newest = this.#newest;
    if (newest === undefined || newest.sequence <= afterSequence || this.#held.size > 0) {
      return undefined;
    }
    this.#held.add(newest.slot);
    return newest;
  }

  release(slot: number): void {
    this.#held.delete(slot);
  }

  /**
   * Copies the newest frame, for pages and captures.
   * @param into  at least `frameBytes(size)` long
   * @returns the frame's number and time, or nothing when there is no frame yet
   */
  copyNewest(into: Uint8Array): SlotFrame | undefined {
    const newest = this.#newest;
    const view = newest === undefined ? undefined : this.#views[newest.slot];
    if (view === undefined) return undefined;
    into.set(view);
    return newest;
  }

  /**
   * Shows a frame as long as no newer one has taken its place: the frame of an observation, while that is being
   * told. Whoever needs it longer copies what is needed.
   */
  peek(sequence: number): Uint8Array | undefined {
    return this.#views[this.#sequences.indexOf(sequence)];
  }

  /** Age of the newest frame; Infinity before the first. */
  newestAgeMs(now: MonotonicMs): number {
    return this.#newest === undefined
      ? Number.POSITIVE_INFINITY
      : now - monotonicMs(this.#newest.capturedAtMs);
  }
}

function broken(message: string): InvariantError {
  return new InvariantError('PORTICO_INVARIANT_BROKEN', {
    message,
    remedy: 'This is a defect in Portico; please report it with the log.',
  });
}
