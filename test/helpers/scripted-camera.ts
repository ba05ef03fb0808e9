import { DeviceError, type ErrorCode } from '../../src/domain/errors.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { Camera, FrameSink } from '../../src/domain/ports/camera.ts';

export const aCameraFault = (code: ErrorCode = 'PORTICO_CAMERA_STALLED'): DeviceError =>
  new DeviceError(code, {
    message: 'scripted camera fault',
    remedy: 'none',
    device: 'scripted',
    transient: true,
  });

/** A camera whose faults the test brings about. */
export class ScriptedCamera implements Camera {
  readonly description = 'scripted camera';
  readonly size: FrameSize;
  /** What `open` rejects with. */
  openFailure: Error | undefined;
  /** `open` waits until it is closed. */
  isSlow = false;
  opened = 0;
  isClosed = false;
  #sink: FrameSink | undefined;
  #refuse: () => void = () => undefined;

  constructor(size: FrameSize) {
    this.size = size;
  }

  open(sink: FrameSink): Promise<void> {
    this.opened += 1;
    if (this.isSlow) {
      return new Promise((_resolve, reject) => {
        this.#refuse = () => reject(aCameraFault());
      });
    }
    if (this.openFailure !== undefined) return Promise.reject(this.openFailure);
    this.#sink = sink;
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.#refuse();
    this.#sink = undefined;
    return Promise.resolve();
  }

  fail(code?: ErrorCode): void {
    this.#sink?.onFault(aCameraFault(code));
  }

  recover(): void {
    this.#sink?.onRecovery();
  }
}
