import type { MonotonicMs, WallMs } from '../units.ts';

/** Cancels a timer; calling it twice, or after it fired, does nothing. */
export type Cancel = () => void;

/** The only source of time and timers. */
export interface Clock {
  now(): MonotonicMs;
  wall(): WallMs;
  /** Calls `task` once after `delayMs`. */
  after(delayMs: number, task: () => void): Cancel;
  /** Calls `task` every `periodMs`, first after one period. */
  every(periodMs: number, task: () => void): Cancel;
  /** Resolves after `delayMs`; rejects with the signal's reason when aborted before. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
