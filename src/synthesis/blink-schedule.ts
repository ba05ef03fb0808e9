import type { RandomSource } from '../numeric/random.ts';
import { drawBetween } from './wander.ts';

/** How far the lids are shut at a moment: 0 open, 1 shut. */
export type EyeClosure = (seconds: number) => number;

interface Blink {
  readonly startS: number;
  readonly shutS: number;
  readonly endS: number;
}

/** The lids go down about twice as fast as they come up. Source: Stern, Walrath and Goldstein 1984 */
const CLOSING_SHARE = 0.35;

/** Blinks of 0.2 to 0.35 s, the first within two seconds, then one every two to five. */
export function drawBlinks(random: RandomSource, durationS: number): EyeClosure {
  const blinks: Blink[] = [];
  let startS = drawBetween(random, 0.3, 1.8);
  while (startS < durationS) {
    const length = drawBetween(random, 0.2, 0.35);
    blinks.push({ startS, shutS: startS + CLOSING_SHARE * length, endS: startS + length });
    startS += drawBetween(random, 2, 5);
  }
  return (seconds) => {
    const blink = blinks.find(({ startS: from, endS }) => seconds >= from && seconds <= endS);
    return blink === undefined ? 0 : closureIn(blink, seconds);
  };
}

function closureIn({ startS, shutS, endS }: Blink, seconds: number): number {
  const share =
    seconds < shutS ? (seconds - startS) / (shutS - startS) : (endS - seconds) / (endS - shutS);
  // A little over the top: the lids stay shut for a moment.
  return Math.min(1, 1.25 * Math.sin((Math.PI / 2) * share));
}
