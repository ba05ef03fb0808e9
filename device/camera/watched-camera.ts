import { DeviceError } from '../../src/domain/errors.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { Camera, FrameSink } from '../../src/domain/ports/camera.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';
import { PictureHealth, type PictureHealthLimits, type PictureVerdict } from './picture-health.ts';

const WORDS = {
  frozen: {
    code: 'PORTICO_CAMERA_FROZEN',
    what: 'the picture stands still to the last bit',
    remedy: 'Unplug the camera and plug it in again; a replayed picture needs health=off.',
  },
  black: {
    code: 'PORTICO_CAMERA_BLACK',
    what: 'the picture shows nothing but one shade',
    remedy: 'Uncover the lens, switch the light on, check the ribbon cable.',
  },
} as const;

/**
 * A camera whose pictures are watched for standing still and for showing nothing. Frames are passed
 * on throughout, so that the page shows what the camera sees; the fault stands until they are well.
 */
export class WatchedCamera implements Camera {
  readonly description: string;
  readonly size: FrameSize;
  readonly #camera: Camera;
  readonly #limits: Partial<PictureHealthLimits>;
  readonly #logger: Logger;

  constructor(camera: Camera, logger: Logger, limits: Partial<PictureHealthLimits> = {}) {
    this.description = camera.description;
    this.size = camera.size;
    this.#camera = camera;
    this.#limits = limits;
    this.#logger = logger;
  }

  open(sink: FrameSink): Promise<void> {
    return this.#camera.open(new WatchedSink(sink, this, this.#logger, this.#limits));
  }

  close(): Promise<void> {
    return this.#camera.close();
  }
}

class WatchedSink implements FrameSink {
  readonly #sink: FrameSink;
  readonly #description: string;
  readonly #logger: Logger;
  readonly #health: PictureHealth;
  #frame: Uint8Array | undefined;
  #verdict: PictureVerdict = 'good';
  #isCameraFaulty = false;

  constructor(
    sink: FrameSink,
    camera: Camera,
    logger: Logger,
    limits: Partial<PictureHealthLimits>,
  ) {
    this.#sink = sink;
    this.#description = camera.description;
    this.#logger = logger;
    this.#health = new PictureHealth(camera.size, limits);
  }

  beginFrame(): Uint8Array {
    this.#frame = this.#sink.beginFrame();
    return this.#frame;
  }

  commitFrame(capturedAtMs: MonotonicMs): void {
    const before = this.#verdict;
    // Looked at before the commit: afterwards the buffer is the receiver's.
    if (this.#frame !== undefined) {
      this.#verdict = this.#health.inspect(this.#frame, capturedAtMs);
      this.#frame = undefined;
    }
    // A fault goes before the frame that showed it, a recovery after the frame that proves it.
    if (this.#verdict !== 'good' && this.#verdict !== before) this.#raise(this.#verdict);
    this.#sink.commitFrame(capturedAtMs);
    if (this.#verdict === 'good' && before !== 'good' && !this.#isCameraFaulty) {
      this.#logger.info({ event: 'camera.picture-well' }, 'the picture is well again');
      this.#sink.onRecovery();
    }
  }

  onFault(fault: DeviceError): void {
    this.#isCameraFaulty = true;
    this.#sink.onFault(fault);
  }

  onRecovery(): void {
    this.#isCameraFaulty = false;
    if (this.#verdict === 'good') this.#sink.onRecovery();
    else this.#raise(this.#verdict);
  }

  #raise(verdict: 'frozen' | 'black'): void {
    const { code, what, remedy } = WORDS[verdict];
    const fault = new DeviceError(code, {
      message: `${this.#description}: ${what}`,
      remedy,
      device: this.#description,
      transient: true,
    });
    this.#logger.warn({ event: 'camera.fault', code, detail: fault.message }, what);
    this.#sink.onFault(fault);
  }
}
