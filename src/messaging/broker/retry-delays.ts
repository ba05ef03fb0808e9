import { randomInt } from 'node:crypto';

/** Draws in [0, 1). */
export type Random = () => number;

const RESOLUTION = 2 ** 32;
/** From the system's generator: two gates that start together must not draw alike. */
export const systemRandom: Random = () => randomInt(RESOLUTION) / RESOLUTION;

/** Doubling delays with a ceiling and jitter, so that a site's gates do not return all at once. */
export class RetryDelays {
  readonly #firstMs: number;
  readonly #ceilingMs: number;
  readonly #random: Random;
  #failures = 0;

  constructor(firstMs: number, ceilingMs: number, random: Random) {
    this.#firstMs = firstMs;
    this.#ceilingMs = ceilingMs;
    this.#random = random;
  }

  /** The wait before the next attempt, between half and the whole of the doubled delay. */
  next(): number {
    // 30 doublings exceed any ceiling; more would overflow.
    const fullMs = Math.min(this.#firstMs * 2 ** Math.min(this.#failures, 30), this.#ceilingMs);
    this.#failures += 1;
    return fullMs * (0.5 + this.#random() / 2);
  }

  reset(): void {
    this.#failures = 0;
  }
}
