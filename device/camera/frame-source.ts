import type { DeviceError } from '../../src/domain/errors.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';

/** Why a run ended by itself: the material was over, or something failed. */
export type RunEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly fault: DeviceError };

/** What a run reports to its supervisor. After `onEnd` it is silent. */
export interface RunListener {
  beginFrame(): Uint8Array;
  commitFrame(capturedAtMs: MonotonicMs): void;
  onEnd(end: RunEnd): void;
}

/** One attempt at getting frames, from the start of a child to its last trace. */
export interface FrameRun {
  /** The last words of whatever runs, for the text of a fault; empty when it said nothing. */
  lastWords(): string;
  /** Resolves when nothing of the run is left. Idempotent. */
  stop(): Promise<void>;
}

/** Something that can be started again and again, each time afresh. */
export interface FrameSource {
  /** For people: driver, source, program. No credentials. */
  readonly description: string;
  /** The device in error records, e.g. `/dev/video0`. */
  readonly device: string;
  /** What the end of the material means: start over at once, or a fault that stays. */
  readonly atEnd: 'start-over' | 'fault';
  /**
   * Starts one run; it never calls the listener before it has returned.
   * @throws DeviceError PORTICO_CAMERA_UNAVAILABLE when a look beforehand shows that it cannot work
   */
  start(listener: RunListener): FrameRun;
}
