import { EvaluationError } from '../../domain/errors.ts';
import { allComparisons, type KnownSample } from '../all-comparisons.ts';
import type { Interval } from '../clopper-pearson.ts';
import { comparePairs } from '../compare-pairs.ts';
import { kFoldVerdicts } from '../k-fold-accuracy.ts';
import type { LabelledPair } from '../pairs-csv.ts';
import { FOLDS, type PairsReport, pairsReport } from '../pairs-report.ts';
import { peopleDisjointFolds } from '../people-disjoint-folds.ts';
import { personOf } from '../people-graph.ts';
import type { EncodedPicture } from '../picture-encoder.ts';
import { subjectBootstrap } from '../subject-bootstrap.ts';
import { type ComparatorName, type Compare, FIXED } from './comparator.ts';
import { resampledAccuracy } from './resampled-accuracy.ts';
import { resampledTar } from './resampled-tar.ts';
import { type ScoredTable, tableOfAll, tableOfPairs } from './scored-table.ts';

/** One comparator on the list, and against the cosine on the same people. */
export interface ComparatorReport extends Pick<PairsReport, 'accuracy' | 'eer' | 'tarAtFmr'> {
  readonly comparator: ComparatorName;
  /** What the head learned from; absent where nothing is learned. */
  readonly head?: HeadSummary;
  /** On the listed pairs, less the cosine's. */
  readonly accuracyGain: Gain;
  /** Every picture of the list against every other: enough comparisons for strict rates. */
  readonly everyComparison: {
    readonly mated: number;
    readonly nonMated: number;
    readonly tarAtFmr: readonly TarWithGain[];
  };
}

export interface HeadSummary {
  readonly people: number;
  readonly pairs: number;
  readonly penalty: number;
}

/** A difference and its 95 % interval by drawing people anew, the same ones for both comparators. */
export interface Gain {
  readonly value: number;
  readonly interval: Interval;
}

export interface TarWithGain {
  readonly fmr: number;
  readonly tar: number;
  /** By people. */
  readonly interval: Interval;
  /** TAR less the cosine's. */
  readonly gain: Gain;
}

export interface Contestant {
  readonly comparator: ComparatorName;
  readonly compare: Compare;
  readonly head?: HeadSummary;
}

/** A rate with fewer false matches behind it than this is not compared. */
const EVENTS_TO_COUNT = 10;
const STRICT_FMRS = [1e-2, 1e-3, 1e-4, 1e-5] as const;
const RESAMPLES = 400;
const SEED = 5;

/**
 * Measures comparators on labelled pairs and on every comparison of their pictures, each beside the cosine.
 * @throws PORTICO_EVALUATION_DATA when the list is too small for ten folds or of one kind only
 */
export function comparatorReports(
  pairs: readonly LabelledPair[],
  encoded: ReadonlyMap<string, EncodedPicture>,
  contestants: readonly Contestant[],
): readonly ComparatorReport[] {
  const samples = knownSamples(encoded);
  const measure = (compare: Compare): Measured => {
    const compared = comparePairs(pairs, encoded, compare);
    const { foldOf } = peopleDisjointFolds(compared, FOLDS);
    return {
      compared,
      onPairs: tableOfPairs(compared),
      accuracy: resampledAccuracy(compared, kFoldVerdicts(compared, foldOf, FOLDS)),
      onAll: tableOfAll(allComparisons(samples, compare)),
    };
  };
  const cosine = measure(FIXED.cosine);
  return contestants.map(({ comparator, compare, head }) => {
    const measured = comparator === 'cosine' ? cosine : measure(compare);
    const { accuracy, eer, tarAtFmr } = pairsReport(comparator, measured.compared, NO_LOSS);
    const { mated, nonMated } = measured.onAll;
    return {
      comparator,
      ...(head === undefined ? {} : { head }),
      accuracy,
      eer,
      tarAtFmr,
      accuracyGain: gainOf(measured.onPairs.people, measured.accuracy, cosine.accuracy),
      everyComparison: {
        mated: mated.similarity.length,
        nonMated: nonMated.similarity.length,
        tarAtFmr: strictRates(measured.onAll, cosine.onAll),
      },
    };
  });
}

/** The reports above show no failures to acquire; they stand in the list's own. */
const NO_LOSS = { notAcquired: 0, pictures: 1 } as const;

type Statistic = (multiplicity: Uint32Array) => number;

interface Measured {
  readonly compared: ReturnType<typeof comparePairs>;
  readonly onPairs: ScoredTable;
  readonly accuracy: Statistic;
  readonly onAll: ScoredTable;
}

function strictRates(own: ScoredTable, cosine: ScoredTable): readonly TarWithGain[] {
  const countable = STRICT_FMRS.filter(
    (fmr) => fmr * own.nonMated.similarity.length >= EVENTS_TO_COUNT,
  );
  return countable.map((fmr) => {
    const tar = resampledTar(own, fmr);
    return {
      fmr,
      tar: tar(everybody(own.people)),
      interval: bootstrap(own.people, tar),
      gain: gainOf(own.people, tar, resampledTar(cosine, fmr)),
    };
  });
}

function gainOf(people: number, own: Statistic, cosine: Statistic): Gain {
  const gain: Statistic = (multiplicity) => own(multiplicity) - cosine(multiplicity);
  return { value: gain(everybody(people)), interval: bootstrap(people, gain) };
}

const bootstrap = (people: number, statistic: Statistic): Interval =>
  subjectBootstrap(statistic, { subjects: people, resamples: RESAMPLES, seed: SEED });

const everybody = (people: number): Uint32Array => new Uint32Array(people).fill(1);

/** The pictures that could be encoded; the folder names the person. */
export const knownSamples = (encoded: ReadonlyMap<string, EncodedPicture>): KnownSample[] =>
  [...encoded].flatMap(([path, picture]) =>
    picture.outcome === 'encoded' ? [{ person: personOf(path), embedding: picture.embedding }] : [],
  );

/** @throws PORTICO_EVALUATION_DATA when a head would be tested on people it has learned from */
export function assertStrangers(
  learnedFrom: readonly KnownSample[],
  testedOn: readonly KnownSample[],
): void {
  const known = new Set(learnedFrom.map(({ person }) => person));
  const both = testedOn.find(({ person }) => known.has(person));
  if (both === undefined) return;
  throw new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `${both.person} is among the people to learn from and among those to be tested on`,
    remedy: 'Give lists without a person in common.',
  });
}
