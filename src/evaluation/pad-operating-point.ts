import type { ClipScores } from './pad-score.ts';
import { BONA_FIDE } from './presentation-attack-rates.ts';

/** Bona fide presentations that may be taken for attacks. */
export const MAX_BPCER = 0.05;

/**
 * The highest threshold that leaves at most `MAX_BPCER` of the bona fide clips below it.
 * @returns undefined when no bona fide clip has so many key frames
 */
export function padOperatingPoint(
  clips: readonly ClipScores[],
  samples: number,
): number | undefined {
  const ratios = clips
    .flatMap(({ example, bySamples }) => {
      const score = bySamples.get(samples);
      return score === undefined || example.species !== BONA_FIDE ? [] : [score.logLikelihoodRatio];
    })
    .sort((left, right) => left - right);
  return ratios[Math.floor(MAX_BPCER * ratios.length)];
}
