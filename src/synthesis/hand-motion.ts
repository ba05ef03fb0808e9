import type { RandomSource } from '../numeric/random.ts';
import type { SheetPose } from './held-sheet.ts';
import { drawBetween, drawWander, type Wander } from './wander.ts';

const RADIANS = Math.PI / 180;

/** Where a hand holds a sheet at each moment. */
export type HandMotion = (seconds: number) => SheetPose;

/** A hand that tilts and moves a sheet the better to pass for a head, and trembles a little. */
export function drawHandMotion(random: RandomSource, sheetPx: number): HandMotion {
  const slow = (amount: number): Wander => drawWander(random, { amount, lowHz: 0.15, highHz: 1.2 });
  const tremor = (): Wander =>
    drawWander(random, { amount: drawBetween(random, 0.1, 0.4), lowHz: 4, highHz: 9 });
  const yaw = slow(drawBetween(random, 2, 8) * RADIANS);
  const pitch = slow(drawBetween(random, 2, 6) * RADIANS);
  const roll = slow(drawBetween(random, 1, 3) * RADIANS);
  const x = slow(drawBetween(random, 0.01, 0.03) * sheetPx);
  const y = slow(drawBetween(random, 0.01, 0.03) * sheetPx);
  const z = slow(drawBetween(random, 0.01, 0.06) * sheetPx);
  const [tremorX, tremorY] = [tremor(), tremor()];
  return (seconds) => ({
    turn: { yaw: yaw(seconds), pitch: pitch(seconds), roll: roll(seconds) },
    x: x(seconds) + tremorX(seconds),
    y: y(seconds) + tremorY(seconds),
    z: z(seconds),
  });
}
