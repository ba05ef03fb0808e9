import { renderTable } from '../render-table.ts';
import type { AdmittanceFigures } from './admittance-trial.ts';
import type { FillFigures, ReconnectFigures } from './fill-trial.ts';
import type { FleetEstimate } from './fleet-arithmetic.ts';
import type { FleetFigures } from './fleet-trial.ts';
import type { Spread } from './spread.ts';
import type { StorageFigures } from './storage-trial.ts';

/** The stable shape of `portico bench site --json`. */
export interface SiteFigures {
  readonly fill: FillFigures;
  readonly reconnect: ReconnectFigures;
  /** Without camera and vision. */
  readonly admittance: AdmittanceFigures;
  /** A whole gate, camera to relay. */
  readonly door: AdmittanceFigures & { readonly people: number };
  readonly storage: StorageFigures;
  readonly fleet: FleetFigures;
  readonly estimates: readonly FleetEstimate[];
  /** Of the machine, last minute: what else it did. */
  readonly loadAverage: number;
}

/** The goal of the project: who was revoked is refused within this time. */
export const REFUSED_WITHIN_MS = 1_000;

export function renderSiteFigures(figures: SiteFigures): string {
  const { fill, reconnect, admittance, door, storage, fleet, estimates } = figures;
  return [
    `  ${fill.people} people to a fresh gate: ${fill.seconds} s, ${megabytes(fill.bytes)}, peak memory ${megabytes(fill.peakRssBytes)} (${megabytes(fill.rssBeforeBytes)} before)`,
    `  signing, sealing and publishing them: ${fill.publishSeconds} s`,
    `  ${reconnect.changes} changes over a reconnection: ${reconnect.recordMessages} records and ${reconnect.otherMessages} other messages, ${kilobytes(reconnect.bytes)}, ${reconnect.seconds} s`,
    `  storage: ${megabytes(storage.databaseBytes)} scanned for ${storage.patterns} patterns, ${storage.found.length} found; ${storage.idsFound} of ${storage.people} opaque ids found`,
    '',
    renderTable(
      ['with everybody in the gate', 'p50 ms', 'p95 ms', 'max ms'],
      [
        ['published → recognised', ...cells(admittance.admittedMs)],
        ['revoked → refused', ...cells(admittance.refusedMs)],
        ['published → granted, whole gate', ...cells(door.admittedMs)],
        ['revoked → refused, whole gate', ...cells(door.refusedMs)],
      ],
    ),
    '',
    `  ${fleet.gates} gates in ${fleet.processes} processes, ${fleet.people} people: all current after ${fleet.convergedSeconds} s; after a restart of the broker ${fleet.returnedSeconds} s`,
    `  one change to a gate: p50 ${fleet.changeMs.p50} ms, p95 ${fleet.changeMs.p95} ms; to the last of them: p50 ${fleet.lastGateMs.p50} ms`,
    `  events: ${fleet.events.acknowledged} of ${fleet.events.last} in safe keeping`,
    '',
    renderTable(
      [
        'gates',
        'people',
        'sites',
        'idle load',
        'one change s',
        'return s',
        'fill all s',
        'GB',
        'broker MB',
      ],
      estimates.map((estimate) => [
        String(estimate.gates),
        String(estimate.people),
        String(estimate.sites),
        estimate.idleLoad.toFixed(2),
        estimate.changeSeconds.toFixed(1),
        estimate.returnSeconds.toFixed(0),
        estimate.fillSeconds.toFixed(0),
        estimate.fillGigabytes.toFixed(1),
        estimate.connectionsMegabytes.toFixed(0),
      ]),
    ),
    '  the last table is arithmetic: seconds of one core of this machine for the broker',
    `  load average of the machine meanwhile: ${figures.loadAverage}`,
  ].join('\n');
}

const cells = ({ p50, p95, max }: Spread): readonly string[] =>
  [p50, p95, max].map((ms) => ms.toFixed(1));
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const kilobytes = (bytes: number): string => `${(bytes / 1e3).toFixed(0)} kB`;
