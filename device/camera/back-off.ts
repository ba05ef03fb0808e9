/** Doubling delays with a ceiling; no jitter, since one gate has one camera. */
export class BackOff {
  readonly #firstMs: number;
  readonly #ceilingMs: number;
  #failures = 0;

  constructor(firstMs: number, ceilingMs: number) {
    this.#firstMs = firstMs;
    this.#ceilingMs = ceilingMs;
  }

  /** @returns the wait before the next attempt, in ms; grows with each call until {@link reset} */
  next(): number {
    // 30 doublings exceed any ceiling; more would overflow.
    const delayMs = this.#firstMs * 2 ** Math.min(this.#failures, 30);
    this.#failures += 1;
    return Math.min(delayMs, this.#ceilingMs);
  }

  reset(): void {
    this.#failures = 0;
  }
}
