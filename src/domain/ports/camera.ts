import type { DeviceError } from '../errors.ts';
import type { FrameSize } from '../frame.ts';
import type { MonotonicMs } from '../units.ts';

/**
 * Where a camera writes. The buffer belongs to the receiver, so a frame is assembled in place and
 * never copied again; the newest committed frame wins.
 */
export interface FrameSink {
  /** A buffer of exactly the frame's bytes to fill; stays valid until commit or the next begin. */
  beginFrame(): Uint8Array;
  /** The buffer of the last `beginFrame` is complete. */
  commitFrame(capturedAtMs: MonotonicMs): void;
  /** The camera delivers nothing usable now; it goes on trying by itself unless the fault is not transient. */
  onFault(fault: DeviceError): void;
  /** Frames flow again after a fault. */
  onRecovery(): void;
}

/**
 * A source of frames of a fixed size.
 * Contract: `open` resolves when the first frame was committed and rejects with DeviceError when
 * that did not happen within its deadline; after `close` resolved, the sink is never called again;
 * `close` is idempotent and leaves no child process behind.
 */
export interface Camera {
  /** For people: driver, source, size. No credentials. */
  readonly description: string;
  readonly size: FrameSize;
  open(sink: FrameSink): Promise<void>;
  close(): Promise<void>;
}
