/** Whether may be painted now, and a way to wait for it. */
export class Permission {
  readonly #waiting = new Set<() => void>();
  #isGiven = false;

  get isGiven(): boolean {
    return this.#isGiven;
  }

  set(isGiven: boolean): void {
    this.#isGiven = isGiven;
    if (!isGiven) return;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Resolves when it is given, or when `signal` is aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    if (this.#isGiven || signal.aborted) return;
    let resolve: () => void = () => undefined;
    const given = new Promise<void>((resolved) => {
      resolve = resolved;
      this.#waiting.add(resolve);
    });
    signal.addEventListener('abort', resolve, { once: true });
    await given;
    signal.removeEventListener('abort', resolve);
    this.#waiting.delete(resolve);
  }
}
