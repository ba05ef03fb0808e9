import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';

/** For tests with real brokers and processes: waits until something is so, and fails by its name. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  withinMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) assert.fail(`not in time: ${what}`);
    await delay(2);
  }
}
