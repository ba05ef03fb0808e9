import type { ProcessReading } from './read-process.ts';
import type { SoakLine } from './soaked-gate.ts';

export interface SoakSample extends SoakLine, ProcessReading {
  readonly minutes: number;
}

export interface SoakOutcome {
  readonly samples: readonly SoakSample[];
  readonly takenEvents: number;
  readonly peopleAdded: number;
  readonly peopleRemoved: number;
}

const MINUTES_PER_DAY = 1_440;
const MEBIBYTE = 1_048_576;

/** Least squares. */
function slopeOf(samples: readonly SoakSample[], value: (sample: SoakSample) => number): number {
  const mean = (of: (sample: SoakSample) => number): number =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const [x0, y0] = [mean(({ minutes }) => minutes), mean(value)];
  let above = 0;
  let below = 0;
  for (const sample of samples) {
    above += (sample.minutes - x0) * (value(sample) - y0);
    below += (sample.minutes - x0) ** 2;
  }
  return above / below;
}

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Markdown. The first fifth is left out of every trend: caches fill, the compiler is still at it. */
export function soakReport(outcome: SoakOutcome): string {
  const { samples } = outcome;
  const last = samples.at(-1);
  // The last was taken while the gate closed.
  const settled = samples.slice(Math.floor(samples.length / 5), -1);
  if (last === undefined || settled.length < 3) return 'too short to say';
  const half = Math.floor(settled.length / 2);
  const times = (part: readonly SoakSample[]): string => {
    const of = (value: (sample: SoakSample) => number): string =>
      median(part.map(value).filter((ms) => ms > 0)).toFixed(1);
    return `${of((sample) => sample.frameP50Ms)} / ${of((sample) => sample.frameP95Ms)}`;
  };
  const perDay = (value: (sample: SoakSample) => number): string =>
    ((slopeOf(settled, value) * MINUTES_PER_DAY) / MEBIBYTE).toFixed(2);
  const range = (value: (sample: SoakSample) => number): string => {
    const values = settled.map(value);
    return `${Math.min(...values)} to ${Math.max(...values)}`;
  };
  const residents = settled.map(({ residentBytes }) => residentBytes / MEBIBYTE);
  return `| | |
| --- | --- |
| frames through the whole loop | ${last.frames} in ${last.minutes.toFixed(0)} minutes (${(last.frames / last.minutes / 60).toFixed(1)}/s) |
| visits | ${last.granted} let in, ${last.denied} refused |
| faults raised | ${last.faults} |
| events | ${last.lastEvent} stored, ${outcome.takenEvents} taken, none missing |
| people beside it | ${outcome.peopleAdded} added, ${outcome.peopleRemoved} removed |
| resident memory | ${Math.min(...residents).toFixed(1)} to ${Math.max(...residents).toFixed(1)} MiB, slope ${perDay(({ residentBytes }) => residentBytes)} MiB a day |
| heap after a full collection | slope ${perDay(({ heapBytes }) => heapBytes)} MiB a day |
| descriptors, threads | ${range(({ descriptors }) => descriptors)}, ${range(({ threads }) => threads)} |
| a visitor's frame, p50 / p95 | first half ${times(settled.slice(0, half))} ms, second half ${times(settled.slice(half))} ms |
`;
}
