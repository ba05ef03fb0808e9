import type { StageTimings, VisionStage } from '../domain/observation.ts';

/** Collects the stage times of one frame. */
export class StageStopwatch {
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  readonly #timings: Partial<Record<VisionStage | 'models', number>> = { models: 0 };

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startedMs = nowMs();
  }

  /** Runs one step and adds its time to its stage. */
  async time<Result>(stage: VisionStage, step: () => Result | Promise<Result>): Promise<Result> {
    const fromMs = this.#nowMs();
    const result = await step();
    this.#add(stage, this.#nowMs() - fromMs);
    return result;
  }

  /** Adds the bare time of the models' runs. */
  addModels(runMs: number): void {
    this.#add('models', runMs);
  }

  finish(): StageTimings {
    this.#add('total', this.#nowMs() - this.#startedMs);
    return this.#timings;
  }

  #add(stage: VisionStage | 'models', ms: number): void {
    this.#timings[stage] = (this.#timings[stage] ?? 0) + ms;
  }
}
