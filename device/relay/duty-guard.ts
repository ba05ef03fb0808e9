export type DutyVerdict =
  | { readonly kind: 'within' }
  | { readonly kind: 'exceeded'; readonly detail: string };

const WINDOW_MS = 60_000;
const MAX_ON_SHARE = 0.5;

/**
 * Bounds how long the strike is energised in any minute: its coil, and the door, must survive
 * software that has run wild. Half of the minute, or one pulse of the longest kind if that is more.
 */
export class DutyGuard {
  readonly #maxOnMs: number;
  #pulses: readonly { readonly endMs: number; readonly durationMs: number }[] = [];

  constructor(maxPulseMs: number) {
    this.#maxOnMs = Math.max(WINDOW_MS * MAX_ON_SHARE, maxPulseMs);
  }

  /** @param nowMs monotonic, ms. A pulse counts in full until a window after its end. */
  check(nowMs: number, durationMs: number): DutyVerdict {
    this.#pulses = this.#pulses.filter((pulse) => pulse.endMs > nowMs - WINDOW_MS);
    const usedMs = this.#pulses.reduce((sum, pulse) => sum + pulse.durationMs, 0);
    if (usedMs + durationMs <= this.#maxOnMs) return { kind: 'within' };
    return {
      kind: 'exceeded',
      detail: `energised ${usedMs} ms of the last minute; at most ${this.#maxOnMs} ms are allowed`,
    };
  }

  record(nowMs: number, durationMs: number): void {
    this.#pulses = [...this.#pulses, { endMs: nowMs + durationMs, durationMs }];
  }
}
