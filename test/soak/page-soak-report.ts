import { lineSlope } from '../../src/evaluation/line-slope.ts';

/** The page, after its garbage was collected. */
export interface PageSample {
  readonly minutes: number;
  readonly heapBytes: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly documents: number;
  /** Of the process that draws it. */
  readonly residentBytes: number;
}

const HOURS_PER_DAY = 24;
const MEBIBYTE = 1_048_576;

/** Markdown. The first fifth is left out: what a page takes at first and keeps is not growth. */
export function pageSoakReport(
  samples: readonly PageSample[],
  counts: { readonly pictures: number; readonly restarts: number },
): string {
  const settled = samples.slice(Math.ceil(samples.length / 5));
  const last = samples.at(-1);
  if (last === undefined || settled.length < 4) return 'too short to say';
  const perDay = (value: (sample: PageSample) => number): number =>
    lineSlope(settled.map((sample) => [sample.minutes / 60, value(sample)])) * HOURS_PER_DAY;
  const range = (value: (sample: PageSample) => number, digits: number): string => {
    const values = settled.map(value);
    return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
  };
  const row = (name: string, value: (sample: PageSample) => number, digits: number): string =>
    `| ${name} | ${range(value, digits)} | ${perDay(value).toFixed(digits)} |`;
  return [
    `${last.minutes.toFixed(0)} minutes, ${counts.pictures} pictures, ${counts.restarts} restarts of the gate`,
    '',
    '| of the page | from, to | trend a day |',
    '| --- | --- | --- |',
    row('JavaScript heap, MiB', ({ heapBytes }) => heapBytes / MEBIBYTE, 2),
    row('DOM nodes', ({ nodes }) => nodes, 0),
    row('event listeners', ({ listeners }) => listeners, 0),
    row('documents', ({ documents }) => documents, 0),
    row('memory of its process, MiB', (sample) => sample.residentBytes / MEBIBYTE, 1),
  ].join('\n');
}
