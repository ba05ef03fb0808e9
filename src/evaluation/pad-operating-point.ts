import { EvaluationError } from '../domain/errors.ts';
import type { ClipScores } from './pad-score.ts';
import { BONA_FIDE } from './presentation-attack-rates.ts';

/** Bona fide presentations that may be taken for attacks. */
export const MAX_BPCER = 0.05;

/**
 * The highest threshold that leaves at most `MAX_BPCER` of the bona fide clips below it.
 * @throws PORTICO_EVALUATION_DATA when no bona fide clip is long enough
 */
export function padOperatingPoint(clips: readonly ClipScores[], samples: number): number {
  const ratios = clips
    .flatMap(({ example, bySamples }) => {
      const score = bySamples.get(samples);
      return score === undefined || example.species !== BONA_FIDE ? [] : [score.logLikelihoodRatio];
    })
    .sort((left, right) => left - right);
  const threshold = ratios[Math.floor(MAX_BPCER * ratios.length)];
  if (threshold === undefined) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `no bona fide clip has ${samples} key frames`,
      remedy: 'Give bona fide clips of at least ten seconds.',
    });
  }
  return threshold;
}
