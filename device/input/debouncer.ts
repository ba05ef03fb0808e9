import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';

/**
 * Believes a level once it has stood still for a while: contacts bounce for a few milliseconds, and
 * a spark on a long wire is no press.
 */
export class Debouncer {
  readonly #clock: Clock;
  readonly #settleMs: number;
  readonly #onChange: (isActive: boolean) => void;
  #settled: boolean;
  #cancel: Cancel = () => {};

  constructor(options: {
    readonly clock: Clock;
    readonly settleMs: number;
    readonly initial: boolean;
    readonly onChange: (isActive: boolean) => void;
  }) {
    this.#clock = options.clock;
    this.#settleMs = options.settleMs;
    this.#settled = options.initial;
    this.#onChange = options.onChange;
  }

  /** The line has just moved to this level. */
  edge(isActive: boolean): void {
    this.#cancel();
    if (isActive === this.#settled) return;
    this.#cancel = this.#clock.after(this.#settleMs, () => {
      this.#settled = isActive;
      this.#onChange(isActive);
    });
  }

  stop(): void {
    this.#cancel();
  }
}
