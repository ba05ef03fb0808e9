import { setTimeout as delay } from 'node:timers/promises';
import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import { monotonicMs, wallMs } from '../../src/domain/units.ts';

/** The machine's clocks and timers. */
export const systemClock: Clock = {
  now: () => monotonicMs(performance.now()),
  wall: () => wallMs(Date.now()),
  after(delayMs: number, task: () => void): Cancel {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs: number, task: () => void): Cancel {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  },
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    await delay(delayMs, undefined, signal === undefined ? undefined : { signal });
  },
};
