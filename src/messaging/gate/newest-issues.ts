/**
 * The newest time of issue that was taken from each key: what a key issues is taken in that order only.
 * A time further ahead than clocks may be apart was taken while this clock was wrong, or the other: it
 * is brought down to what is possible, or the key would not be heard until that time has come.
 */
export class NewestIssues {
  readonly #aheadMaxMs: number;
  readonly #newest: Map<string, number>;

  /** @param aheadMaxMs  how far another clock may be ahead of this one */
  constructor(aheadMaxMs: number, known: Readonly<Record<string, number>> = {}) {
    this.#aheadMaxMs = aheadMaxMs;
    this.#newest = new Map(Object.entries(known));
  }

  isNewer(kid: string, issuedAtMs: number, now: number): boolean {
    const newest = this.#newest.get(kid);
    if (newest === undefined) return true;
    const possible = Math.min(newest, now + this.#aheadMaxMs);
    this.#newest.set(kid, possible);
    return issuedAtMs > possible;
  }

  note(kid: string, issuedAtMs: number): void {
    this.#newest.set(kid, issuedAtMs);
  }

  /** By key id, to be kept. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#newest);
  }
}
