/** Frames that do without the step after the first time that it took too long. */
const SHORTEST_REST = 8;
/** Half a minute at fifteen frames a second: how rarely the step is tried on a machine that is too slow. */
const LONGEST_REST = 450;

/** What a frame cost. */
export interface FrameCost {
  readonly totalMs: number;
  /** Whether it took the step that could have been left out. */
  readonly isWhole: boolean;
}

/**
 * Whether a step that may be left out fits the time of a frame. The first frame takes it, to learn what it
 * costs; after a frame that was too long with it, it rests, and twice as long each time that it is too
 * long again.
 */
export class FrameBudget {
  readonly #budgetMs: number;
  #restFrames = 0;
  #nextRest = SHORTEST_REST;

  /** @param budgetMs  time of one frame */
  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  fits(): boolean {
    return this.#restFrames === 0;
  }

  note({ totalMs, isWhole }: FrameCost): void {
    if (!isWhole) {
      this.#restFrames = Math.max(0, this.#restFrames - 1);
      return;
    }
    // Written so that a time that is not a number counts as too long.
    if (totalMs <= this.#budgetMs) {
      this.#nextRest = SHORTEST_REST;
      return;
    }
    this.#restFrames = this.#nextRest;
    this.#nextRest = Math.min(LONGEST_REST, 2 * this.#nextRest);
  }
}
