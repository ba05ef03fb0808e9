import type { MonotonicMs } from '../domain/units.ts';

export interface AllowancePolicy {
  /** Challenges that may go wrong before the door makes people wait. */
  readonly freeFailures: number;
  /** The wait after the first one more; it doubles with each further one. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** One failure is forgotten after so long. */
  readonly forgiveAfterMs: number;
}

export const ALLOWANCE_POLICY: AllowancePolicy = {
  freeFailures: 2,
  firstWaitMs: 60_000,
  longestWaitMs: 3_600_000,
  forgiveAfterMs: 3_600_000,
};

/**
 * How many challenges one door hands out. Each counts as failed from the moment it is asked until it is
 * passed: whoever walks away from a question that does not suit him has used it up. So a recording that
 * answers one question in sixteen gets eight tries in its first hour and one in each that follows.
 */
export class ChallengeAllowance {
  readonly #policy: AllowancePolicy;
  #failures = 0;
  #closedUntilMs = Number.NEGATIVE_INFINITY;
  #forgivenAtMs = Number.NEGATIVE_INFINITY;

  constructor(policy: AllowancePolicy = ALLOWANCE_POLICY) {
    this.#policy = policy;
  }

  isOpen(nowMs: MonotonicMs): boolean {
    return nowMs >= this.#closedUntilMs;
  }

  /** A challenge is handed out. */
  spend(nowMs: MonotonicMs): void {
    const { freeFailures, firstWaitMs, longestWaitMs } = this.#policy;
    this.#forgive(nowMs);
    this.#failures += 1;
    const beyond = this.#failures - freeFailures - 1;
    if (beyond < 0) return;
    this.#closedUntilMs = nowMs + Math.min(longestWaitMs, firstWaitMs * 2 ** beyond);
  }

  /** The one handed out last was passed. */
  refund(): void {
    this.#failures = Math.max(0, this.#failures - 1);
    this.#closedUntilMs = Number.NEGATIVE_INFINITY;
  }

  #forgive(nowMs: MonotonicMs): void {
    const { forgiveAfterMs } = this.#policy;
    if (this.#failures === 0 || !Number.isFinite(this.#forgivenAtMs)) this.#forgivenAtMs = nowMs;
    const forgiven = Math.floor((nowMs - this.#forgivenAtMs) / forgiveAfterMs);
    this.#failures = Math.max(0, this.#failures - forgiven);
    this.#forgivenAtMs += forgiven * forgiveAfterMs;
  }
}
