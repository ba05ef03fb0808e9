import type { Interval } from '../clopper-pearson.ts';
import { percent } from '../percent.ts';
import { renderTable } from '../render-table.ts';
import type { Gain } from './comparator-report.ts';
import type { ComparatorsReport } from './evaluate-comparators.ts';

const range = ([low, high]: Interval): string =>
  `${(100 * low).toFixed(2)}..${(100 * high).toFixed(2)}`;
const points = ({ value, interval }: Gain): string =>
  `${value > 0 ? '+' : ''}${(100 * value).toFixed(2)} (${range(interval)})`;

/** The result of `portico evaluate pairs --comparator` for people. */
export function renderComparators({ encoder, pairs, comparators }: ComparatorsReport): string {
  const [first] = comparators;
  const strict = first?.everyComparison.tarAtFmr ?? [];
  const learned = comparators.flatMap(({ comparator, head }) =>
    head === undefined
      ? []
      : [
          `  ${comparator} learned from ${head.pairs} pairs of ${head.people} other people, penalty ${head.penalty}`,
        ],
  );
  return [
    `${encoder} on ${pairs} pairs, 10 folds, people kept apart:`,
    renderTable(
      ['comparator', 'accuracy', 'less the cosine', 'EER', 'TAR at FMR 1e-2', 'at 1e-3'],
      comparators.map(({ comparator, accuracy, accuracyGain, eer, tarAtFmr }) => [
        comparator,
        `${percent(accuracy.mean)} ± ${percent(accuracy.sd)}`,
        points(accuracyGain),
        percent(eer),
        ...tarAtFmr.map(({ tar, interval }) => `${percent(tar)} (${range(interval)})`),
      ]),
    ),
    '',
    `every picture against every other (${first?.everyComparison.mated ?? 0} mated, ${first?.everyComparison.nonMated ?? 0} non-mated), intervals by people:`,
    renderTable(
      ['comparator', ...strict.map(({ fmr }) => `TAR at FMR ${fmr.toExponential(0)}`)],
      comparators.map(({ comparator, everyComparison }) => [
        comparator,
        ...everyComparison.tarAtFmr.map(
          ({ tar, interval }) => `${percent(tar)} (${range(interval)})`,
        ),
      ]),
    ),
    '',
    'less the cosine, in points:',
    renderTable(
      ['comparator', ...strict.map(({ fmr }) => `at ${fmr.toExponential(0)}`)],
      comparators.map(({ comparator, everyComparison }) => [
        comparator,
        ...everyComparison.tarAtFmr.map(({ gain }) => points(gain)),
      ]),
    ),
    ...(learned.length === 0 ? [] : ['', ...learned]),
  ].join('\n');
}
