import { type StageTimings, VISION_STAGES } from '../domain/observation.ts';

const STAGES = [...VISION_STAGES, 'models'] as const;
export type BenchStage = (typeof STAGES)[number];

/** Resident memory after so many frames. */
export interface MemorySample {
  readonly frame: number;
  readonly bytes: number;
}

/**
 * The stage times of a fixed number of frames. All memory is taken and touched beforehand, so that
 * keeping the samples does not show in the memory that is measured.
 */
export class BenchSamples {
  readonly #times: Readonly<Record<string, Float64Array>>;
  readonly #frames: number;
  #count = 0;

  constructor(frames: number) {
    this.#frames = frames;
    this.#times = Object.fromEntries(
      STAGES.map((stage) => [stage, new Float64Array(frames).fill(Number.NaN)]),
    );
  }

  get count(): number {
    return this.#count;
  }

  /** Beyond the fixed number it changes nothing. */
  add(timings: StageTimings): void {
    if (this.#count >= this.#frames) return;
    for (const stage of STAGES) {
      const times = this.#times[stage];
      if (times !== undefined) times[this.#count] = timings[stage] ?? Number.NaN;
    }
    this.#count += 1;
  }

  /** Milliseconds of the frames in which the stage ran, ascending. */
  sorted(stage: BenchStage): Float64Array {
    const times = this.#times[stage]?.subarray(0, this.#count) ?? new Float64Array(0);
    return times.filter(Number.isFinite).sort();
  }

  /** Mean over all frames; a frame in which the stage did not run counts as nothing. */
  meanMs(stage: BenchStage): number {
    if (this.#count === 0) return Number.NaN;
    return this.sorted(stage).reduce((sum, ms) => sum + ms, 0) / this.#count;
  }
}
