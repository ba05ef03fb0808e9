import type { DeviceError } from '../../src/domain/errors.ts';
import type { FrameSink } from '../../src/domain/ports/camera.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';

/** A FrameSink with one buffer that counts what it is told. */
export class CollectingSink implements FrameSink {
  readonly buffer: Uint8Array;
  readonly committedAtMs: MonotonicMs[] = [];
  readonly faults: DeviceError[] = [];
  recoveries = 0;

  constructor(bytes: number) {
    this.buffer = new Uint8Array(bytes);
  }

  beginFrame(): Uint8Array {
    return this.buffer;
  }
  commitFrame(capturedAtMs: MonotonicMs): void {
    this.committedAtMs.push(capturedAtMs);
  }
  onFault(fault: DeviceError): void {
    this.faults.push(fault);
  }
  onRecovery(): void {
    this.recoveries += 1;
  }
}
