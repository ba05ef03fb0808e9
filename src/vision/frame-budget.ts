/** How much of a new measurement enters the running mean. */
const FRESHNESS = 0.1;
/** What was skipped is believed to cost this much less each frame, so that it is tried again one day. */
const FORGETTING = 0.99;

/** What a frame cost: all of it, and within it the step that could have been left out. */
export interface FrameCost {
  readonly totalMs: number;
  /** Absent: it was left out. */
  readonly optionalMs: number | undefined;
}

/**
 * Whether a step that may be left out fits the time of a frame, by what the last frames took. The first
 * frame takes it, to learn what it costs.
 */
export class FrameBudget {
  readonly #budgetMs: number;
  #neededMs = 0;
  #optionalMs = 0;

  /** @param budgetMs  time of one frame */
  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  fits(): boolean {
    return this.#neededMs + this.#optionalMs <= this.#budgetMs;
  }

  note({ totalMs, optionalMs }: FrameCost): void {
    const neededMs = totalMs - (optionalMs ?? 0);
    this.#neededMs += FRESHNESS * (neededMs - this.#neededMs);
    this.#optionalMs =
      optionalMs === undefined
        ? FORGETTING * this.#optionalMs
        : this.#optionalMs + FRESHNESS * (optionalMs - this.#optionalMs);
  }
}
