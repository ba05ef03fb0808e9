import { existsSync } from 'node:fs';
import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import type { GpioChip } from './gpiod-programs.ts';

const CHECK_MS = 1_000;

/**
 * Calls `onGone` once when the chip's device file disappears: programs of libgpiod 1 do not notice
 * that their chip was unplugged.
 */
export function watchChip(chip: GpioChip, clock: Clock, onGone: (detail: string) => void): Cancel {
  const path = `/dev/${chip.name}`;
  if (!existsSync(path)) return () => {};
  const cancel = clock.every(CHECK_MS, () => {
    if (existsSync(path)) return;
    cancel();
    onGone(`${chip.label} (${chip.name}) has been unplugged`);
  });
  return cancel;
}
