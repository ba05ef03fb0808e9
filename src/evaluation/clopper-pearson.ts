import { EvaluationError } from '../domain/errors.ts';
import { inverseIncompleteBeta } from './incomplete-beta.ts';

/** Lower and upper end, both in [0, 1]. */
export type Interval = readonly [number, number];

/** Used wherever an interval is printed without another number beside it. */
export const CONFIDENCE = 0.95;

/**
 * Exact interval of a proportion: never covers less than the stated confidence, for independent trials.
 * Zero events in n trials give an upper end of about 3.7 / n (two-sided 95 %).
 * @param events  successes, 0..trials
 * @param trials  >= 1
 * @throws PORTICO_EVALUATION_DATA when the counts are not counts
 * Source: Clopper and Pearson 1934, in its beta-quantile form
 */
export function clopperPearson(events: number, trials: number, confidence = CONFIDENCE): Interval {
  if (!Number.isInteger(events) || !Number.isInteger(trials) || events < 0 || events > trials) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `${events} events in ${trials} trials is not a proportion`,
      remedy: 'Give whole numbers with 0 <= events <= trials.',
    });
  }
  if (trials === 0) return [0, 1];
  const tail = (1 - confidence) / 2;
  const low = events === 0 ? 0 : inverseIncompleteBeta(tail, events, trials - events + 1);
  const high = events === trials ? 1 : inverseIncompleteBeta(1 - tail, events + 1, trials - events);
  return [low, high];
}
