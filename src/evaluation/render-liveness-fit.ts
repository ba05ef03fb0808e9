import type { FusionRate, LivenessFusion } from '../domain/liveness-fusion.ts';
import { renderTable } from './render-table.ts';

/** What `portico calibrate liveness` found, for people. */
export function renderLivenessFit(fusion: LivenessFusion): string {
  const { data, bounds, crossValidated, marks } = fusion;
  const species = Object.keys(crossValidated[0]?.apcer ?? {});
  const rows = [
    ['AUC', ...crossValidated.map(({ auc }) => auc.toFixed(4))],
    ['BPCER', ...crossValidated.map(({ bpcer }) => withInterval(bpcer))],
    ...species.map((kind) => [
      kind,
      ...crossValidated.map(({ apcer }) => {
        const rate = apcer[kind];
        return rate === undefined ? '-' : withInterval(rate);
      }),
    ]),
  ];
  return [
    `${data.name}: ${data.clips} clips of ${data.persons} people, each scored by weights fitted without the person`,
    renderTable(['', ...crossValidated.map(({ seconds }) => `after ${seconds} s`)], rows),
    `Bounds: let in at ${bounds.bonaFide}, refused at ${bounds.attack}, motion at least ${bounds.motion}, from ${bounds.fewestSamples} key frames on`,
    ...(marks === undefined
      ? []
      : [
          '',
          `${marks.data.name}: ${marks.data.clips} generated clips of ${marks.data.persons} people, seed ${marks.data.seed}; AUC with people left out:`,
          renderTable(
            ['species', 'AUC'],
            Object.entries(marks.aucs).map(([kind, auc]) => [kind, auc.toFixed(3)]),
          ),
        ]),
  ].join('\n');
}

const withInterval = ({ rate, interval: [low, high] }: FusionRate): string =>
  `${(100 * rate).toFixed(1)} % (${(100 * low).toFixed(1)}-${(100 * high).toFixed(1)})`;
