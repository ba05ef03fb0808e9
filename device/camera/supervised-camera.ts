import { DeviceError } from '../../src/domain/errors.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { Camera, FrameSink } from '../../src/domain/ports/camera.ts';
import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';
import { BackOff } from './back-off.ts';
import { materialEnded, notNow, stalled } from './camera-faults.ts';
import type { FrameRun, FrameSource, RunEnd } from './frame-source.ts';

export interface SupervisionLimits {
  /** From the start of a run to its first frame. */
  readonly firstFrameMs: number;
  /** Between two frames. */
  readonly stallMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /** A run that delivered for this long ends the growth of the retry delay. */
  readonly stableMs: number;
}

export const DEFAULT_LIMITS: SupervisionLimits = {
  firstFrameMs: 10_000,
  stallMs: 2_000,
  firstRetryMs: 250,
  longestRetryMs: 10_000,
  stableMs: 10_000,
};

export interface SupervisedCameraOptions {
  readonly source: FrameSource;
  readonly size: FrameSize;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<SupervisionLimits>;
}

/** A quarter of the stall limit per look: a blocked event loop then counts as one look, not as a stall. */
const LOOKS = 4;

interface Opening {
  readonly resolve: () => void;
  readonly reject: (fault: DeviceError) => void;
}

/** One run under supervision. */
interface Watch {
  run: FrameRun | undefined;
  readonly startedAtMs: MonotonicMs;
  firstFrameAtMs: MonotonicMs | undefined;
  lastFrameAtMs: MonotonicMs;
  /** Looks since the last frame, or since the start. */
  looks: number;
}

/**
 * Keeps a frame source running: watches the time between frames, ends a run that stalls, starts the
 * next one after a growing delay, and tells the sink when frames stop and flow again. It never gives
 * up on a transient fault. The first failure of `open` rejects it, so that an installer sees it at
 * once; the camera is then closed and may be opened again.
 */
export class SupervisedCamera implements Camera {
  readonly description: string;
  readonly size: FrameSize;
  readonly #source: FrameSource;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limits: SupervisionLimits;
  readonly #backOff: BackOff;
  #sink: FrameSink | undefined;
  #opening: Opening | undefined;
  #watch: Watch | undefined;
  #fault: DeviceError | undefined;
  #cancelLooks: Cancel | undefined;
  #cancelRetry: Cancel | undefined;
  /** The end of the last run; the next one waits for it, and so does close. */
  #stopped: Promise<void> = Promise.resolve();

  constructor(options: SupervisedCameraOptions) {
    this.description = `${options.source.description}, ${options.size.widthPx}x${options.size.heightPx}`;
    this.size = options.size;
    this.#source = options.source;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#backOff = new BackOff(this.#limits.firstRetryMs, this.#limits.longestRetryMs);
  }

  async open(sink: FrameSink): Promise<void> {
    if (this.#sink !== undefined) throw notNow(this.#source, 'it is open already');
    this.#sink = sink;
    this.#fault = undefined;
    this.#backOff.reset();
    this.#cancelLooks = this.#clock.every(this.#limits.stallMs / LOOKS, () => this.#look());
    try {
      await new Promise<void>((resolve, reject) => {
        const opening: Opening = { resolve, reject };
        this.#opening = opening;
        void this.#stopped.then(() => {
          if (this.#opening === opening) this.#start();
        });
      });
    } catch (error) {
      // Unless a close came first, and perhaps another open after it.
      if (this.#sink === sink) await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#sink = undefined;
    this.#cancelLooks?.();
    this.#cancelRetry?.();
    const opening = this.#opening;
    this.#opening = undefined;
    opening?.reject(notNow(this.#source, 'it was closed while it opened'));
    this.#endWatch();
    await this.#stopped;
  }

  #start(): void {
    const startedAtMs = this.#clock.now();
    const watch: Watch = {
      run: undefined,
      startedAtMs,
      firstFrameAtMs: undefined,
      lastFrameAtMs: startedAtMs,
      looks: 0,
    };
    this.#watch = watch;
    try {
      watch.run = this.#source.start({
        // A run that was ended may still write: it gets a buffer of its own then.
        beginFrame: () =>
          this.#watch === watch && this.#sink !== undefined
            ? this.#sink.beginFrame()
            : new Uint8Array(this.size.widthPx * this.size.heightPx * 3),
        commitFrame: (capturedAtMs) => {
          if (this.#watch === watch) this.#onFrame(watch, capturedAtMs);
        },
        onEnd: (end) => {
          if (this.#watch === watch) this.#onEnd(end);
        },
      });
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      this.#onFault(error);
    }
  }

  #onFrame(watch: Watch, capturedAtMs: MonotonicMs): void {
    watch.looks = 0;
    watch.lastFrameAtMs = capturedAtMs;
    this.#sink?.commitFrame(capturedAtMs);
    if (watch.firstFrameAtMs !== undefined) return;
    watch.firstFrameAtMs = capturedAtMs;
    const startMs = Math.round(capturedAtMs - watch.startedAtMs);
    this.#logger.info(
      { event: 'camera.flowing', camera: this.description, startMs },
      'camera delivers frames',
    );
    const opening = this.#opening;
    this.#opening = undefined;
    opening?.resolve();
    if (this.#fault === undefined) return;
    this.#fault = undefined;
    this.#sink?.onRecovery();
  }

  #onEnd(end: RunEnd): void {
    if (end.kind === 'failed') {
      this.#onFault(end.fault);
    } else if (this.#source.atEnd === 'start-over' && this.#watch?.firstFrameAtMs !== undefined) {
      // At once, but a clip of one picture must not become a storm of processes.
      const livedMs = this.#clock.now() - this.#watch.startedAtMs;
      this.#endWatch();
      this.#retryAfter(Math.max(0, this.#limits.firstRetryMs - livedMs));
    } else {
      this.#onFault(materialEnded(this.#source));
    }
  }

  /** Called every quarter of the stall limit. */
  #look(): void {
    const watch = this.#watch;
    if (watch === undefined) return;
    watch.looks += 1;
    const { stallMs, firstFrameMs } = this.#limits;
    const limitMs = watch.firstFrameAtMs === undefined ? firstFrameMs : stallMs;
    // The first look after a frame may come at once, hence one look more than the limit holds.
    if ((watch.looks - 1) * (stallMs / LOOKS) >= limitMs) {
      const silentMs = this.#clock.now() - watch.lastFrameAtMs;
      this.#onFault(stalled(this.#source, silentMs, watch.run?.lastWords() ?? ''));
    }
  }

  #onFault(fault: DeviceError): void {
    const opening = this.#opening;
    if (opening !== undefined) {
      this.#opening = undefined;
      opening.reject(fault);
      return;
    }
    const { firstFrameAtMs } = this.#watch ?? {};
    const isStable =
      firstFrameAtMs !== undefined && this.#clock.now() - firstFrameAtMs >= this.#limits.stableMs;
    if (isStable) this.#backOff.reset();
    this.#endWatch();
    const isNews = this.#fault?.code !== fault.code || this.#fault.transient !== fault.transient;
    this.#fault = fault;
    if (isNews) {
      this.#logger.warn(
        {
          event: 'camera.fault',
          code: fault.code,
          camera: this.description,
          detail: fault.message,
        },
        'camera delivers nothing usable',
      );
    }
    if (fault.transient) this.#retryAfter(this.#backOff.next());
    if (isNews) this.#sink?.onFault(fault);
  }

  #retryAfter(delayMs: number): void {
    this.#cancelRetry = this.#clock.after(delayMs, () => {
      void this.#stopped.then(() => {
        if (this.#sink !== undefined && this.#watch === undefined) this.#start();
      });
    });
  }

  #endWatch(): void {
    const run = this.#watch?.run;
    this.#watch = undefined;
    if (run === undefined) return;
    this.#stopped = Promise.all([this.#stopped, run.stop()]).then(() => undefined);
  }
}
