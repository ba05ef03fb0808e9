import type { PadReport, RateWithInterval } from './pad-report.ts';
import { renderTable } from './render-table.ts';

const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)} %`;
const withInterval = ({ rate, interval: [low, high] }: RateWithInterval): string =>
  `${percent(rate)} (${(100 * low).toFixed(1)}-${(100 * high).toFixed(1)})`;

/** The result of `portico evaluate pad` for people: species in rows, moments in columns. */
export function renderPadReport(report: PadReport): string {
  const moments = Object.entries(report.atSeconds);
  const species = Object.keys(report.apcer);
  const header = ['', ...moments.map(([seconds]) => `after ${seconds} s`)];
  const rates = [
    ['AUC', ...moments.map(([, { auc }]) => auc.toFixed(4))],
    ['BPCER', ...moments.map(([, { bpcer }]) => withInterval(bpcer))],
    ...species.map((kind) => [
      kind,
      ...moments.map(([, { apcer }]) => {
        const rate = apcer[kind];
        return rate === undefined ? '-' : withInterval(rate);
      }),
    ]),
  ];
  const [kinds] = moments.map(([, { sequential }]) => Object.keys(sequential));
  const outcomes = (kinds ?? []).map((kind) => [
    kind,
    ...moments.map(([, { sequential }]) => {
      const shares = sequential[kind];
      if (shares === undefined) return '-';
      return [shares.bonaFide, shares.attack, shares.undecided]
        .map((share) => (100 * share).toFixed(0))
        .join(' / ');
    }),
  ]);
  const source =
    report.weights === 'shipped' ? 'the shipped weights' : 'weights fitted without the person';
  return [
    `${report.clips} clips of ${report.persons} people, scored by ${source}`,
    '',
    'APCER per species and BPCER at the threshold of that moment, with 95 % intervals:',
    renderTable(header, rates),
    '',
    'Sequential test: let in / refused / asked for a challenge, in % of the clips:',
    renderTable(header, outcomes),
  ].join('\n');
}
