// A whole gate of a site on replayed scenes, as fast as it can look at them, in a process of its own:
// node --expose-gc soaked-gate.js. Configured, joined and kept as STATE_DIRECTORY says; a line of numbers every ten seconds.
import { dirname } from 'node:path';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { LinuxSensors } from '../../device/machine/linux-sensors.ts';
import { openPeopleStore } from '../../src/cli/people-store.ts';
import { startGate } from '../../src/composition/start-gate.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Watchdog } from '../../src/domain/ports/watchdog.ts';
import { LifeSigns } from '../../src/health/life-signs.ts';
import { createLogger } from '../../src/logging/logger.ts';
import type { RosterStanding } from '../../src/roster/roster-standing.ts';
import { fanOut } from '../../src/runtime/fan-out.ts';
import type { GateWatcher } from '../../src/runtime/gate-watcher.ts';
import { HealthService } from '../../src/runtime/health-service.ts';
import { Vitals } from '../../src/runtime/vitals.ts';
import { modelsDir, preparedCatalogue } from '../helpers/prepared-vision.ts';
import { ReplayCamera } from './replay-camera.ts';
import { replayedScenes } from './replayed-scenes.ts';

/** What the gate tells of itself; milliseconds per frame are of the time since the line before. */
export interface SoakLine {
  readonly frames: number;
  readonly granted: number;
  readonly denied: number;
  /** Raised, by their codes. */
  readonly faults: Readonly<Record<string, number>>;
  readonly lastEvent: number;
  readonly frameP50Ms: number;
  readonly frameP95Ms: number;
  /** What lives after a full collection. */
  readonly heapBytes: number;
  /** To the watchdog, one a second as long as every stage works. */
  readonly signsOfLife: number;
  readonly pageUrl: string;
  readonly healthUrl: string;
  readonly isConnected: boolean;
  readonly standing: RosterStanding | 'alone';
}

const EVERY_MS = 10_000;
const config = loadConfig({ environment: process.env });
const catalogue = preparedCatalogue();
const logger = createLogger('error', { write: (line) => process.stderr.write(line) });
const store = openPeopleStore(config, clock, false);
const size = { widthPx: config.camera.widthPx, heightPx: config.camera.heightPx };
const camera = new ReplayCamera(await replayedScenes(size), size, clock);
const vitals = new Vitals({
  clock,
  version: 'soak',
  hasPage: config.kiosk.enabled,
  residentBytes: () => process.memoryUsage.rss(),
});

const tally = { frames: 0, granted: 0, denied: 0, lastEvent: 0, signsOfLife: 0 };
const faults: Record<string, number> = {};
let visitorTimes: number[] = [];
const counting: GateWatcher = {
  onWork: (stage) => {
    if (stage !== 'vision') return;
    tally.frames += 1;
    // Not from within the observation: its slot is still held.
    setImmediate(() => camera.next());
  },
  onAttendance: (_attendance, observation) => {
    const ms = observation?.subject === undefined ? undefined : observation.timings.total;
    if (ms !== undefined) visitorTimes.push(ms);
  },
  onEvent: ({ number, event }) => {
    tally.lastEvent = number;
    if (event.type === 'access.granted') tally.granted += 1;
    if (event.type === 'access.denied') tally.denied += 1;
    if (event.type === 'fault.raised') faults[event.code] = (faults[event.code] ?? 0) + 1;
  },
};

const watchdog: Watchdog = {
  description: 'a counter',
  signEveryMs: 1_000,
  ready: () => undefined,
  status: () => undefined,
  ping: () => {
    tally.signsOfLife += 1;
  },
  extend: () => undefined,
  stopping: () => undefined,
  close: () => Promise.resolve(),
};
const signs = new LifeSigns({
  clock,
  logger,
  watchdog,
  heartbeat: vitals.heartbeat,
  faults: () => vitals.faults(),
});

function say(): void {
  const sorted = visitorTimes.toSorted((left, right) => left - right);
  visitorTimes = [];
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  globalThis.gc?.();
  const site = gate.site?.summary();
  const line: SoakLine = {
    ...tally,
    faults,
    frameP50Ms: rank(0.5),
    frameP95Ms: rank(0.95),
    heapBytes: process.memoryUsage().heapUsed,
    pageUrl: gate.pageUrl ?? '',
    healthUrl: health.url ?? '',
    isConnected: site?.isConnected === true,
    standing: site?.standing ?? 'alone',
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const watcher = fanOut(counting, vitals);
const gate = await startGate(
  { config, store, logger, watcher, camera, speaksAbroad: true },
  { version: 'soak', modelsDir, catalogue },
);
const sensors = new LinuxSensors({ clock, storeFolder: dirname(config.store.path) });
const health = await HealthService.start({ gate, vitals, config, sensors, clock, logger });
signs.ready();
const cancel = clock.every(EVERY_MS, say);
process.once('SIGTERM', () => {
  cancel();
  signs.stopping();
  void gate
    .close()
    .then(() => health.close())
    .then(() => {
      process.exitCode = 0;
    });
});
