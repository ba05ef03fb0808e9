import { EvaluationError } from '../../domain/errors.ts';
import { encodePictures } from '../encode-pictures.ts';
import type { EvaluatePairsOptions } from '../evaluate-pairs.ts';
import { labelledPictures, readText } from '../labelled-pictures.ts';
import { parsePairsCsv } from '../pairs-csv.ts';
import { type ComparatorName, FIXED, isLearned } from './comparator.ts';
import {
  assertStrangers,
  type ComparatorReport,
  type Contestant,
  comparatorReports,
  knownSamples,
} from './comparator-report.ts';
import { compareByHead } from './comparison-head.ts';
import { trainHead } from './train-head.ts';

export interface EvaluateComparatorsOptions extends Omit<EvaluatePairsOptions, 'targetFmrs'> {
  readonly comparators: readonly ComparatorName[];
  /** File with the column `file`: pictures of other people, from whom the heads learn. */
  readonly trainList?: string;
}

/** The stable result of `portico evaluate pairs --comparator ... --json`. */
export interface ComparatorsReport {
  readonly encoder: string;
  readonly pairs: number;
  readonly fta: number;
  readonly comparators: readonly ComparatorReport[];
}

/**
 * Measures comparators of one encoder on labelled pairs, all on the same split: what is learned is learned
 * from the people of another list.
 * @throws PORTICO_EVALUATION_DATA for faulty lists, missing pictures, people in both lists, or a learned
 *   comparator without a list to learn from
 */
export async function evaluateComparators(
  options: EvaluateComparatorsOptions,
): Promise<ComparatorsReport> {
  const { pairsCsv, root, trainList, comparators, encoderId } = options;
  const pairs = parsePairsCsv(await readText(pairsCsv), pairsCsv);
  const training = trainList === undefined ? [] : await labelledPictures(root, trainList);
  if (training.length === 0 && comparators.some(isLearned)) throw nothingToLearnFrom();
  const tested = new Set(pairs.flatMap(({ left, right }) => [left, right]));
  const everything = [...tested, ...training.map(({ path }) => path)];
  const encoded = await encodePictures(everything, options);
  const testedOn = new Map([...encoded].filter(([path]) => tested.has(path)));
  const learnedFrom = knownSamples(new Map([...encoded].filter(([path]) => !tested.has(path))));
  assertStrangers(learnedFrom, knownSamples(testedOn));
  const contestants = comparators.map((comparator): Contestant => {
    options.signal?.throwIfAborted();
    if (!isLearned(comparator)) return { comparator, compare: FIXED[comparator] };
    const { head, ...summary } = trainHead(learnedFrom, comparator);
    const people = new Set(learnedFrom.map(({ person }) => person)).size;
    return { comparator, compare: compareByHead(head), head: { ...summary, people } };
  });
  const notAcquired = [...testedOn.values()].filter(({ outcome }) => outcome === 'not-acquired');
  return {
    encoder: encoderId,
    pairs: pairs.length,
    fta: notAcquired.length / testedOn.size,
    comparators: comparatorReports(pairs, testedOn, contestants),
  };
}

const nothingToLearnFrom = (): EvaluationError =>
  new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: 'a learned comparator needs people to learn from who are not in the list',
    remedy: 'Give a list of their pictures with --train.',
  });
