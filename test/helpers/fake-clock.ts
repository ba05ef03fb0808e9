import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import { type MonotonicMs, monotonicMs, type WallMs, wallMs } from '../../src/domain/units.ts';

interface Timer {
  dueMs: number;
  readonly periodMs: number | undefined;
  readonly task: () => void;
}

/** A clock that moves only when told; timers fire in order while it moves. */
export class FakeClock implements Clock {
  #nowMs = 1_000;
  #wallOffsetMs: number;
  readonly #timers = new Set<Timer>();

  constructor(wallStart: number = Date.UTC(2026, 0, 5, 12, 0, 0)) {
    this.#wallOffsetMs = wallStart - this.#nowMs;
  }

  now(): MonotonicMs {
    return monotonicMs(this.#nowMs);
  }

  wall(): WallMs {
    return wallMs(this.#nowMs + this.#wallOffsetMs);
  }

  /** Steps the wall clock only, as a wrong NTP server would. */
  stepWall(deltaMs: number): void {
    this.#wallOffsetMs += deltaMs;
  }

  after(delayMs: number, task: () => void): Cancel {
    return this.#add({ dueMs: this.#nowMs + delayMs, periodMs: undefined, task });
  }

  every(periodMs: number, task: () => void): Cancel {
    return this.#add({ dueMs: this.#nowMs + periodMs, periodMs, task });
  }

  sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const cancel = this.after(delayMs, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        reject(signal.reason);
      });
    });
  }

  /** Moves time, firing due timers in order; lets pending promises settle between timers. */
  async advance(deltaMs: number): Promise<void> {
    const endMs = this.#nowMs + deltaMs;
    for (;;) {
      await settle();
      const next = [...this.#timers]
        .filter((timer) => timer.dueMs <= endMs)
        .sort((left, right) => left.dueMs - right.dueMs)[0];
      if (next === undefined) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      if (next.periodMs === undefined) this.#timers.delete(next);
      else next.dueMs += next.periodMs;
      next.task();
    }
    this.#nowMs = endMs;
    await settle();
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }

  #add(timer: Timer): Cancel {
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }
}

/** Lets promise chains of a few links run to their end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
