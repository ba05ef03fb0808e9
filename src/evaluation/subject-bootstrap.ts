import { seededRandom } from '../numeric/random.ts';
import { CONFIDENCE, type Interval } from './clopper-pearson.ts';

export interface SubjectBootstrapOptions {
  readonly subjects: number;
  readonly resamples: number;
  readonly seed: number;
  readonly confidence?: number;
}

/**
 * Percentile interval by resampling *people*, because comparisons that share a person are not independent:
 * an exact interval over millions of them is far too narrow.
 *
 * Each resample draws as many people as there are, with replacement, and hands their multiplicities to
 * `statistic`; a comparison of persons i and j then weighs multiplicity[i] * multiplicity[j], one
 * within person i weighs multiplicity[i]. A statistic that a resample leaves undefined is NaN and left out.
 * @returns ends of the central interval; [NaN, NaN] when no resample defined the statistic
 * Source: Efron and Tibshirani 1993, ch. 13
 */
export function subjectBootstrap(
  statistic: (multiplicity: Uint32Array) => number,
  options: SubjectBootstrapOptions,
): Interval {
  const random = seededRandom(options.seed);
  const values: number[] = [];
  const multiplicity = new Uint32Array(options.subjects);
  for (let resample = 0; resample < options.resamples; resample += 1) {
    multiplicity.fill(0);
    for (let draw = 0; draw < options.subjects; draw += 1) {
      const subject = Math.floor(random() * options.subjects);
      multiplicity[subject] = (multiplicity[subject] ?? 0) + 1;
    }
    const value = statistic(multiplicity);
    if (!Number.isNaN(value)) values.push(value);
  }
  const ascending = Float64Array.from(values).sort();
  const tail = (1 - (options.confidence ?? CONFIDENCE)) / 2;
  return [quantile(ascending, tail), quantile(ascending, 1 - tail)];
}

/** Linear between order statistics; NaN for an empty array. */
export function quantile(ascending: Float64Array, probability: number): number {
  const position = probability * (ascending.length - 1);
  const below = ascending[Math.floor(position)] ?? Number.NaN;
  const above = ascending[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}
