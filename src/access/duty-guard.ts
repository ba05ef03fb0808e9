import type { MonotonicMs } from '../domain/units.ts';

export interface DutyPolicy {
  /** From the beginning of one pulse to that of the next, at least. */
  readonly minIntervalMs: number;
  /** Over any window of this length... */
  readonly windowMs: number;
  /** ...the strike is energised for at most this long; its coil is not made for more. */
  readonly maxEnergisedMs: number;
}

export type DutyVerdict = 'permitted' | 'too-soon' | 'duty-exceeded';

interface Pulse {
  readonly atMs: MonotonicMs;
  readonly durationMs: number;
}

/** Keeps the strike's coil and the street's patience: bounds how often and how long it is energised. */
export class DutyGuard {
  readonly #policy: DutyPolicy;
  #pulses: readonly Pulse[] = [];

  constructor(policy: DutyPolicy) {
    this.#policy = policy;
  }

  /** A pulse counts in full while any of it lies in the window: early ends are not credited. */
  verdict(nowMs: MonotonicMs, durationMs: number): DutyVerdict {
    const { minIntervalMs, windowMs, maxEnergisedMs } = this.#policy;
    this.#pulses = this.#pulses.filter((pulse) => nowMs - pulse.atMs < windowMs + pulse.durationMs);
    const last = this.#pulses.at(-1);
    if (last !== undefined && nowMs - last.atMs < minIntervalMs) return 'too-soon';
    const energisedMs = this.#pulses.reduce((sum, pulse) => sum + pulse.durationMs, 0);
    return energisedMs + durationMs <= maxEnergisedMs ? 'permitted' : 'duty-exceeded';
  }

  /** Noted when the pulse is asked for, so that one that fails half-way counts too. */
  note(atMs: MonotonicMs, durationMs: number): void {
    this.#pulses = [...this.#pulses, { atMs, durationMs }];
  }
}
