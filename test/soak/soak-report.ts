import type { EventFit } from '../../src/messaging/seat/event-follower.ts';
import type { BrokerLoss } from './broker-losses.ts';
import type { ProcessReading } from './read-process.ts';
import type { SoakLine } from './soaked-gate.ts';
import type { Orders } from './soaked-site.ts';
import { theilSen } from './theil-sen.ts';

/** A line of a gate's numbers, and what the kernel said of its process then. */
export interface SoakSample extends SoakLine, ProcessReading {
  readonly gateId: string;
  /** Since its start. */
  readonly minutes: number;
}

/** What became of one gate. */
export interface GateOutcome {
  readonly gateId: string;
  readonly samples: readonly SoakSample[];
  readonly lastEvent: number;
  /** In safe keeping with the auditor, their chain verified; the rest waits at the gate. */
  readonly keptEvents: number;
  readonly peopleAdded: number;
  readonly peopleRemoved: number;
  readonly orders: Orders & { readonly opened: number };
  readonly watched: { readonly shown: number; readonly scrapes: number };
}

/** What became of their site. */
export interface SiteOutcome {
  readonly peopleAdded: number;
  readonly peopleRemoved: number;
  readonly retries: number;
  readonly losses: Readonly<Record<BrokerLoss, number>>;
  readonly awaySeconds: number;
  /** From the broker's return until every gate held the model and its events were kept. */
  readonly wholeAfterSeconds: readonly number[];
  readonly fits: ReadonlyMap<EventFit, number>;
}

const MINUTES_PER_DAY = 1_440;
const MEBIBYTE = 1_048_576;
/** A door's day, at the rate of a door's camera. */
const FRAMES_PER_DOOR_DAY = 15 * 86_400;
/** Neighbouring samples tell nearly the same: the trend is that of the medians of so many stretches. */
const STRETCHES = 24;

const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Slope of the medians of equal stretches, with its interval. */
function trend(
  samples: readonly SoakSample[],
  x: (sample: SoakSample) => number,
  y: (sample: SoakSample) => number,
): string {
  const stretches = Array.from({ length: STRETCHES }, (_, index) =>
    samples.slice(
      Math.floor((index * samples.length) / STRETCHES),
      Math.floor(((index + 1) * samples.length) / STRETCHES),
    ),
  ).filter((stretch) => stretch.length > 0);
  const { slope, low, high } = theilSen(
    stretches.map((stretch) => [median(stretch.map(x)), median(stretch.map(y))]),
  );
  return `${slope.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** Markdown. The first fifth is left out of every trend: caches fill, the compiler is still at it. */
export function gateReport(outcome: GateOutcome): string {
  const { gateId, samples, orders, watched } = outcome;
  const last = samples.at(-1);
  const settled = samples.slice(Math.floor(samples.length / 5));
  if (last === undefined || settled.length < 3) return `${gateId}: too short to say`;
  const half = Math.floor(settled.length / 2);
  const times = (part: readonly SoakSample[]): string => {
    const of = (value: (sample: SoakSample) => number): string =>
      median(part.map(value).filter((ms) => ms > 0)).toFixed(1);
    return `${of((sample) => sample.frameP50Ms)} / ${of((sample) => sample.frameP95Ms)}`;
  };
  const range = (value: (sample: SoakSample) => number, digits = 0): string => {
    const values = settled.map(value);
    return `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
  };
  const memory = (name: string, bytes: (sample: SoakSample) => number): string => {
    const size = (sample: SoakSample): number => bytes(sample) / MEBIBYTE;
    const perDoorDay = trend(settled, ({ frames }) => frames / FRAMES_PER_DOOR_DAY, size);
    const perDay = trend(settled, ({ minutes }) => minutes / MINUTES_PER_DAY, size);
    return `| ${name} | ${range(size, 1)} MiB; MiB a door's day ${perDoorDay}, a day of the run ${perDay} |`;
  };
  const faults = Object.entries(last.faults).map(([code, count]) => `${count} ${code}`);
  return `| ${gateId} | |
| --- | --- |
| frames through the whole loop | ${last.frames} in ${last.minutes.toFixed(0)} minutes (${(last.frames / last.minutes / 60).toFixed(1)}/s) |
| visits | ${last.granted} let in, ${last.denied} refused |
| orders to open | ${orders.given} given, ${orders.done} done, ${orders.refused} refused by the door; it opened for ${orders.opened} |
| signs of life to the watchdog | ${last.signsOfLife} in ${(last.minutes * 60).toFixed(0)} s |
| page, metrics | ${watched.shown} pictures shown, ${watched.scrapes} scrapes |
| faults raised | ${faults.length === 0 ? 'none' : faults.join(', ')} |
| events | ${outcome.lastEvent} stored, ${outcome.keptEvents} with the auditor, ${outcome.lastEvent - outcome.keptEvents} waiting at the gate, none missing |
| people at the gate itself | ${outcome.peopleAdded} added, ${outcome.peopleRemoved} removed |
${memory('resident memory', ({ residentBytes }) => residentBytes)}
${memory('of it, not of files', ({ ownBytes }) => ownBytes)}
${memory('heap after a full collection', ({ heapBytes }) => heapBytes)}
| descriptors, threads | ${range(({ descriptors }) => descriptors)}, ${range(({ threads }) => threads)} |
| a visitor's frame, p50 / p95 | first half ${times(settled.slice(0, half))} ms, second half ${times(settled.slice(half))} ms |
`;
}

/** Markdown. */
export function siteReport(outcome: SiteOutcome): string {
  const { losses, fits, wholeAfterSeconds } = outcome;
  const kinds = Object.entries(losses).map(([kind, count]) => `${count} ${kind}`);
  const waits = wholeAfterSeconds.length === 0 ? [0] : wholeAfterSeconds;
  return `| the site | |
| --- | --- |
| people over the broker | ${outcome.peopleAdded} added, ${outcome.peopleRemoved} removed, ${outcome.retries} attempts repeated |
| losses of the broker | ${kinds.join(', ')}; away for ${(outcome.awaySeconds / 60).toFixed(1)} minutes |
| whole again after its return | p50 ${median(waits).toFixed(1)} s, longest ${Math.max(...waits).toFixed(1)} s |
| events told twice and known as such | ${fits.get('duplicate') ?? 0}; gaps filled by asking: ${fits.get('gap') ?? 0} |
`;
}
