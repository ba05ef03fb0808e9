import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { measureAdmittance } from '../../evaluation/site/admittance-trial.ts';
import { FullGate } from '../../evaluation/site/fill-trial.ts';
import { estimateFleet } from '../../evaluation/site/fleet-arithmetic.ts';
import { measureFleet } from '../../evaluation/site/fleet-trial.ts';
import {
  REFUSED_WITHIN_MS,
  renderSiteFigures,
  type SiteFigures,
} from '../../evaluation/site/render-site-figures.ts';
import { scanStorage } from '../../evaluation/site/storage-trial.ts';
import { TrialSite, type TrialSurroundings } from '../../evaluation/site/trial-site.ts';
import { createLogger } from '../../logging/logger.ts';
import { countFrom } from '../parse-count.ts';
import type { RunCommand } from '../run-command.ts';
import type { Session } from '../session.ts';
import { EXIT } from '../terminal.ts';
import { measureDoor } from './bench-site-door.ts';

interface SiteBenchOptions {
  readonly people: number;
  readonly gates: number;
  readonly visits: number;
  readonly doorVisits: number;
  readonly fleetPeople: number;
  readonly processes: number;
}

const CHANGES = 10;
const ESTIMATED_GATES = [1_000, 10_000];

/** @param bench the `portico bench` command */
export function addSiteBenchCommand(bench: Command, run: RunCommand): void {
  bench
    .command('site')
    .description(
      'a whole site on a mosquitto of its own: time to admittance and refusal, filling a gate, many gates, what the broker stores',
    )
    .option('--people <count>', 'in the roster of one gate', countFrom(20, 100_000), 10_000)
    .option('--gates <count>', 'round one broker', countFrom(1, 1_000), 200)
    .option('--visits <count>', 'people enrolled while they stand there', countFrom(1, 10_000), 50)
    .option(
      '--door-visits <count>',
      'the same before the camera of a whole gate',
      countFrom(1, 10_000),
      20,
    )
    .option('--fleet-people <count>', 'in the roster of the many gates', countFrom(1, 10_000), 100)
    .option('--processes <count>', 'that the many gates share', countFrom(1, 64), 2)
    .addHelpText(
      'after',
      '\nOne gate is whole, camera to relay; the others have the real link, store and search, and nobody before a camera.\n\nExample:\n  portico bench site --people 1000 --gates 50 --json',
    )
    .action((_options: unknown, command: Command) =>
      run((session) => benchSite(session, command.opts<SiteBenchOptions>())),
    );
}

async function benchSite(session: Session, options: SiteBenchOptions): Promise<number> {
  const { terminal } = session;
  const folder = mkdtempSync(join(tmpdir(), 'portico-bench-site-'));
  try {
    const around = surroundingsOf(session);
    const one = await inSite(join(folder, 'one'), around, (site) =>
      measureOne(session, site, options),
    );
    const { gates, processes, fleetPeople: people } = options;
    const fleet = await inSite(join(folder, 'many'), around, (site) =>
      measureFleet(site, { gates, processes: Math.min(processes, gates), people }),
    );
    const estimates = ESTIMATED_GATES.map((count) =>
      estimateFleet({ gates: count, people: options.people }, fleet.cost),
    );
    const loadAverage = Math.round((loadavg()[0] ?? 0) * 100) / 100;
    const figures: SiteFigures = { ...one, fleet, estimates, loadAverage };
    terminal.clearBar();
    terminal.result(figures);
    terminal.say(renderSiteFigures(figures));
    return isAsClaimed(figures) ? EXIT.ok : EXIT.no;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureOne(
  session: Session,
  site: TrialSite,
  { people, visits, doorVisits }: SiteBenchOptions,
): Promise<Pick<SiteFigures, 'fill' | 'reconnect' | 'admittance' | 'door' | 'storage'>> {
  const { gate, figures: fill } = await FullGate.fill(site, people);
  try {
    const changed = Array.from({ length: CHANGES }, (_, index) => index);
    const reconnect = await gate.reconnect(changed);
    const admittance = await measureAdmittance(site, gate.gate, { first: people, count: visits });
    await gate.close();
    const door = await measureDoor(session, site, { people, visits: doorVisits });
    const everybody = Array.from({ length: people + visits }, (_, index) => index);
    const storage = await scanStorage(site, gate.gateId, everybody);
    return { fill, reconnect, admittance, door, storage };
  } finally {
    await gate.close();
  }
}

/** What the project promises of these figures. */
const isAsClaimed = ({ admittance, door, storage, fleet }: SiteFigures): boolean =>
  door.refusedMs.p95 < REFUSED_WITHIN_MS &&
  admittance.refusedMs.p95 < REFUSED_WITHIN_MS &&
  storage.found.length === 0 &&
  storage.idsFound === storage.people &&
  fleet.events.acknowledged === fleet.events.last;

async function inSite<T>(
  folder: string,
  around: TrialSurroundings,
  work: (site: TrialSite) => Promise<T>,
): Promise<T> {
  const site = await TrialSite.open(folder, around);
  try {
    return await work(site);
  } finally {
    await site.close();
  }
}

function surroundingsOf({ composition, terminal, signal }: Session): TrialSurroundings {
  const [, main = ''] = process.argv;
  return {
    clock: composition.clock,
    // Cut lines and a broker that restarts are what is measured, and no news.
    logger: createLogger('silent'),
    signal,
    brokerFiles: composition.brokerFiles(),
    gateCommand: (folder) => [process.execPath, main, 'bench', 'site-gates', folder],
    onProgress: (step, share, detail) => terminal.bar(step, share, detail),
  };
}
