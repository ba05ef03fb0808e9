import type { ChallengeOrder } from '../domain/challenge.ts';
import type { DenyReason } from '../domain/deny-reasons.ts';
import { ModelError, PorticoError } from '../domain/errors.ts';
import type { Observation } from '../domain/observation.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { RungReport } from '../inference/providers.ts';
import type { FrameSlots, SlotFrame } from './frame-slots.ts';
import type { VisionReply } from './vision-messages.ts';
import type { VisionOptions } from './vision-options.ts';
import { type SpawnVisionThread, spawnVisionWorker, type VisionThread } from './vision-thread.ts';

export type VisionFaultReason = Extract<DenyReason, 'stage-fault' | 'stage-timeout'>;

export interface VisionListener {
  /** At most one per frame, in the order of the frames. */
  onObservation(observation: Observation): void;
  /** Vision is down until `onReady`; whatever was gathered before must not be used. */
  onFault(reason: VisionFaultReason, fault: PorticoError): void;
  /** The models are loaded and proven: at the start, and after every restart. */
  onReady(ladder: readonly RungReport[]): void;
}

export interface VisionLimits {
  /** Longest time from handing a frame over to its observation. */
  readonly frameDeadlineMs: number;
  /** Longest time for loading and proving the models; some providers compile for minutes. */
  readonly startDeadlineMs: number;
  readonly firstRestartMs: number;
  /** The pause doubles with every failure in a row up to this. */
  readonly slowestRestartMs: number;
}

export const VISION_LIMITS: VisionLimits = {
  frameDeadlineMs: 2_000,
  startDeadlineMs: 300_000,
  firstRestartMs: 250,
  slowestRestartMs: 30_000,
};

/** Observations in a row after which earlier failures are forgotten. */
const HEALTHY_AFTER = 50;

export interface VisionParts {
  readonly slots: FrameSlots;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener: VisionListener;
  readonly limits: VisionLimits;
  readonly spawn: SpawnVisionThread;
}

interface InFlight {
  readonly frame: SlotFrame;
  readonly cancelDeadline: Cancel;
}

/**
 * The main thread's handle on the vision worker: hands it the newest frame whenever it is free,
 * one at a time, and replaces it when it fails or is late. While it is down nothing is observed.
 */
export class Vision {
  readonly #parts: VisionParts;
  readonly #unsubscribe: () => void;
  #thread: VisionThread | undefined;
  #isReady = false;
  #isClosed = false;
  #inFlight: InFlight | undefined;
  #lastSequence = 0;
  #failuresInARow = 0;
  #observationsInARow = 0;
  #cancelTimer: Cancel = () => undefined;
  #ending: Promise<void> = Promise.resolve();

  constructor(parts: VisionParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.slots.subscribe({
      onFrame: () => this.#pump(),
      onCameraFault: () => undefined,
      onCameraRecovery: () => undefined,
    });
    this.#start();
  }

  /** From the next frame on, if its track is still the one that is asked. A worker that is down hears nothing. */
  ask(order: ChallengeOrder): void {
    if (this.#isReady && !this.#isClosed) this.#thread?.post({ kind: 'ask', order });
  }

  /** Idempotent; resolves when the worker is gone. The listener is silent from the call on. */
  async close(): Promise<void> {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#unsubscribe();
      this.#end();
    }
    await this.#ending;
  }

  #start(): void {
    const { spawn, clock, limits } = this.#parts;
    // A reply or exit of a worker that was given up must not reach its successor's state.
    let isCurrent = true;
    const current = (task: () => void): void => {
      if (isCurrent && !this.#isClosed) task();
    };
    const thread = spawn({
      onReply: (reply) => current(() => this.#onReply(reply)),
      onExit: (detail) => current(() => this.#fail('stage-fault', workerEnded(detail))),
    });
    this.#thread = {
      post: (request) => thread.post(request),
      terminate: () => {
        isCurrent = false;
        return thread.terminate();
      },
    };
    this.#cancelTimer = clock.after(limits.startDeadlineMs, () =>
      this.#fail('stage-timeout', tooLate('load its models', limits.startDeadlineMs)),
    );
  }

  #onReply(reply: VisionReply): void {
    switch (reply.kind) {
      case 'ready':
        this.#cancelTimer();
        this.#isReady = true;
        this.#parts.listener.onReady(reply.ladder);
        break;
      case 'observation':
        this.#onObservation(reply.observation);
        break;
      case 'fault':
        this.#fail('stage-fault', new ModelError(reply.fault.code, reply.fault));
        break;
    }
    this.#pump();
  }

  #onObservation(observation: Observation): void {
    this.#clearInFlight();
    this.#observationsInARow += 1;
    if (this.#observationsInARow >= HEALTHY_AFTER) this.#failuresInARow = 0;
    this.#parts.listener.onObservation(observation);
  }

  /** Hands the newest frame to the worker if it is free and the frame is new to it. */
  #pump(): void {
    if (!this.#isReady || this.#inFlight !== undefined || this.#isClosed) return;
    const { slots, clock, limits } = this.#parts;
    const frame = slots.takeNewest(this.#lastSequence);
    if (frame === undefined) return;
    this.#lastSequence = frame.sequence;
    const cancelDeadline = clock.after(limits.frameDeadlineMs, () =>
      this.#fail('stage-timeout', tooLate('observe a frame', limits.frameDeadlineMs)),
    );
    this.#inFlight = { frame, cancelDeadline };
    this.#thread?.post({ kind: 'observe', frame });
  }

  #fail(reason: VisionFaultReason, fault: PorticoError): void {
    const { logger, listener, clock, limits } = this.#parts;
    const pauseMs = Math.min(
      limits.slowestRestartMs,
      limits.firstRestartMs * 2 ** this.#failuresInARow,
    );
    this.#failuresInARow += 1;
    this.#observationsInARow = 0;
    this.#end();
    logger.error(
      { event: 'vision.failed', code: fault.code, reason, detail: fault.message, pauseMs },
      'the vision worker failed and will be restarted',
    );
    listener.onFault(reason, fault);
    void this.#ending.then(() => {
      if (this.#isClosed) return;
      this.#cancelTimer = clock.after(pauseMs, () => this.#start());
    });
  }

  /** Gives the worker up; its slot stays held until it has really ended. */
  #end(): void {
    this.#isReady = false;
    this.#cancelTimer();
    this.#inFlight?.cancelDeadline();
    const thread = this.#thread;
    this.#thread = undefined;
    const gone = thread?.terminate() ?? Promise.resolve();
    this.#ending = Promise.allSettled([this.#ending, gone]).then(() => this.#clearInFlight());
  }

  #clearInFlight(): void {
    if (this.#inFlight === undefined) return;
    this.#inFlight.cancelDeadline();
    this.#parts.slots.release(this.#inFlight.frame.slot);
    this.#inFlight = undefined;
  }
}

/**
 * Starts the vision worker on a camera's slots.
 * @returns the handle once the models are loaded and proven
 * @throws the worker's own fault, PORTICO_MODEL_... or PORTICO_VISION_FAILED, when the first start fails
 */
export function openVision(
  options: VisionOptions,
  parts: Omit<VisionParts, 'spawn'>,
): Promise<Vision> {
  const { slots, listener } = parts;
  const spawn = spawnVisionWorker(
    { options, size: slots.size, buffers: slots.buffers },
    parts.clock,
  );
  return new Promise((resolve, reject) => {
    let isOpen = false;
    const vision = new Vision({
      ...parts,
      spawn,
      listener: {
        onObservation: (observation) => listener.onObservation(observation),
        onReady: (ladder) => {
          listener.onReady(ladder);
          isOpen = true;
          resolve(vision);
        },
        onFault: (reason, fault) => {
          if (isOpen) listener.onFault(reason, fault);
          else void vision.close().then(() => reject(fault));
        },
      },
    });
  });
}

function workerEnded(detail: string): PorticoError {
  return new PorticoError('PORTICO_VISION_FAILED', {
    message: `the vision worker ended: ${detail}`,
    remedy: 'It restarts by itself; if it keeps failing, run `portico doctor`.',
  });
}

function tooLate(task: string, deadlineMs: number): PorticoError {
  return new PorticoError('PORTICO_VISION_FAILED', {
    message: `the vision worker did not ${task} within ${deadlineMs} ms`,
    remedy:
      'Check the load and the temperature of the machine, and the provider in `portico doctor`.',
    context: { deadlineMs },
  });
}
