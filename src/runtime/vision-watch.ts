import type { GateHealth } from '../decision/evidence.ts';
import type { ChallengeOrder } from '../domain/challenge.ts';
import { type ErrorCode, PorticoError } from '../domain/errors.ts';
import type { Observation } from '../domain/observation.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { RungReport } from '../inference/providers.ts';
import type { Vision, VisionListener } from '../vision/vision-client.ts';
import { asFault } from './as-fault.ts';
import type { FaultBoard } from './fault-board.ts';

/** Without models a gate sees nothing; with them, it sees as fast as its slowest network runs. */
export type VisionState =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'ready';
      readonly provider: string;
      /** How each network is run, and what became of what was tried. */
      readonly ladder: readonly RungReport[];
    };

export interface VisionWatchParts {
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly open: (listener: VisionListener) => Promise<Vision>;
  /** What may help before another attempt. Absent: without vision there is no gate. */
  readonly mend: (() => Promise<void>) | undefined;
  readonly onObservation: (observation: Observation) => void;
  /** Nothing is seen: whatever was gathered must not count any more. */
  readonly onFault: () => void;
  readonly onState: (state: VisionState) => void;
}

const FIRST_RETRY_MS = 10_000;
const SLOWEST_RETRY_MS = 300_000;

/**
 * Keeps the eyes of the gate open. Models that are missing or damaged, and an accelerator below the minimum,
 * are a fault that heals: door, page and exit button work meanwhile, and nobody is let in.
 */
export class VisionWatch {
  readonly #parts: VisionWatchParts;
  #vision: Vision | undefined;
  #stages: NonNullable<GateHealth['stages']> = 'fault';
  #failures = 0;
  /** Why there is no vision; absent while there is one. */
  #missingBecause: ErrorCode | undefined;
  #isClosed = false;
  #cancelRetry: Cancel = () => undefined;

  constructor(parts: VisionWatchParts) {
    this.#parts = parts;
  }

  get stages(): NonNullable<GateHealth['stages']> {
    return this.#stages;
  }

  /** @throws the fault of the first attempt, where nothing may help or it is our own defect */
  async open(): Promise<void> {
    try {
      await this.#attempt();
    } catch (error) {
      if (this.#parts.mend === undefined || !(error instanceof PorticoError)) throw error;
      this.#missing(error);
    }
  }

  ask(order: ChallengeOrder): void {
    this.#vision?.ask(order);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry();
    await this.#vision?.close();
  }

  async #attempt(): Promise<void> {
    const { faults, open, onObservation, onFault } = this.#parts;
    const vision = await open({
      onObservation: (observation) => {
        this.#stages = 'completed';
        onObservation(observation);
      },
      onFault: (reason, fault) => {
        this.#stages = reason === 'stage-timeout' ? 'timeout' : 'fault';
        faults.raise(fault);
        onFault();
      },
      onReady: (ladder) => this.#ready(ladder),
    });
    if (this.#isClosed) await vision.close();
    else this.#vision = vision;
  }

  #ready(ladder: readonly RungReport[]): void {
    const { faults, onState } = this.#parts;
    this.#stages = 'completed';
    this.#failures = 0;
    faults.clear('PORTICO_VISION_FAILED', 'PORTICO_MODEL_RUN', 'PORTICO_MODEL_SHAPE');
    this.#clearMissing();
    onState({ kind: 'ready', provider: slowestProvider(ladder), ladder });
  }

  #missing(fault: PorticoError): void {
    if (this.#isClosed) return;
    const { clock, faults, onFault, onState } = this.#parts;
    this.#stages = 'fault';
    if (this.#missingBecause !== fault.code) this.#clearMissing();
    this.#missingBecause = fault.code;
    faults.raise(fault);
    onState({ kind: 'missing' });
    onFault();
    const pauseMs = Math.min(SLOWEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancelRetry = clock.after(pauseMs, () => void this.#again());
  }

  async #again(): Promise<void> {
    // Whether it helped shows in the attempt.
    await this.#parts.mend?.().catch(() => undefined);
    if (this.#isClosed) return;
    try {
      await this.#attempt();
    } catch (error) {
      this.#missing(asFault(error));
    }
  }

  #clearMissing(): void {
    if (this.#missingBecause !== undefined) this.#parts.faults.clear(this.#missingBecause);
    this.#missingBecause = undefined;
  }
}

const slowestProvider = (ladder: readonly RungReport[]): string =>
  ladder.findLast(({ outcome }) => outcome === 'in-use')?.provider ?? 'none';
