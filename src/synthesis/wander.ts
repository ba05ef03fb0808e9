import type { RandomSource } from '../numeric/random.ts';

/** A smooth movement without end; a function of time, so that any frame can be made without the one before. */
export type Wander = (seconds: number) => number;

export interface WanderRange {
  /** Root mean square of the movement. */
  readonly amount: number;
  readonly lowHz: number;
  readonly highHz: number;
}

const WAVES = 5;

/** Waves of random frequency and phase, the slower ones larger, as hands and heads move. */
export function drawWander(random: RandomSource, range: WanderRange): Wander {
  const { amount, lowHz, highHz } = range;
  const waves = Array.from({ length: WAVES }, (_value, index) => {
    const hz = lowHz * (highHz / lowHz) ** ((index + random()) / WAVES);
    return { hz, phase: 2 * Math.PI * random(), height: 1 / Math.sqrt(hz) };
  });
  const power = waves.reduce((sum, { height }) => sum + (height * height) / 2, 0);
  const scale = amount / Math.sqrt(power);
  return (seconds) => {
    let sum = 0;
    for (const { hz, phase, height } of waves) {
      sum += height * Math.sin(2 * Math.PI * hz * seconds + phase);
    }
    return scale * sum;
  };
}

/** A number between two bounds. */
export const drawBetween = (random: RandomSource, low: number, high: number): number =>
  low + (high - low) * random();
