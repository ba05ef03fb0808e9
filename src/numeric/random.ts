/** Draws in [0, 1); the same seed gives the same sequence on every machine. */
export type RandomSource = () => number;

/**
 * Small fast generator with 32 bits of state; not for secrets.
 * Source: M. O'Neill's and T. Ettinger's public-domain descriptions of mulberry32.
 */
export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * One draw from the standard normal distribution.
 * Source: Box and Muller 1958
 */
export const normalDraw = (random: RandomSource): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
