// npm run test:bench -- --help: see README.md here. A machine with Debian's kernel, real systemd, a camera and a strike is built,
// the gate is installed in it, and one thing after the other goes wrong.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Drill } from './drill.ts';
import { DRILLS } from './drills/all.ts';
import { installGate } from './install-gate.ts';
import { accelerator, type MachineParts } from './machine.ts';
import { makePayload } from './make-payload.ts';
import { overlay, prepareMachine } from './prepare-machine.ts';
import { benchReport, type DrillResult, type Installed } from './report.ts';
import { Stand } from './stand.ts';
import { copyDisk, makeStateDisk } from './state-disk.ts';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'build/bench' },
    only: { type: 'string' },
    again: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const HELP = `npm run test:bench -- [options]
  --folder <folder>  where machine, disks and report go (default: build/bench)
  --only <drill,..>  of ${DRILLS.map(({ name }) => name).join(', ')}
  --again            drill the gate that the run before has installed`;

const folder = resolve(values.folder);
const began = performance.now();
const minutes = (): number => (performance.now() - began) / 60_000;
const say = (text: string): void => console.log(`[${minutes().toFixed(1)} min] ${text}`);

type Disks = Pick<MachineParts, 'disk' | 'state'>;
const stateOf = (machine: 'installed' | 'drilled'): string => join(folder, `${machine}-state.img`);

/** Does something with a machine, and pulls its plug whatever happens. */
async function withStand<T>(disks: Disks, task: (stand: Stand) => Promise<T>): Promise<T> {
  const stand = new Stand({
    ...{ folder, scratch: folder, payload: join(folder, 'payload.img') },
    ...disks,
  });
  const interrupted = (): void => void stand.cutPower().finally(() => process.exit(130));
  process.once('SIGINT', interrupted);
  try {
    await stand.powerOn();
    return await task(stand);
  } finally {
    process.off('SIGINT', interrupted);
    await stand.cutPower();
  }
}

/** Installs the gate on a fresh disk, unless the one of the run before is wanted. */
async function install(): Promise<Installed> {
  const note = join(folder, 'installed.json');
  if (values.again && existsSync(note)) return JSON.parse(readFileSync(note, 'utf8')) as Installed;
  rmSync(note, { force: true });
  await makePayload(folder);
  const disks = {
    disk: overlay(folder, 'root.img', 'installed.qcow2'),
    state: stateOf('installed'),
  };
  makeStateDisk(disks.state);
  const installed = await withStand(disks, (stand) => installGate(stand, say));
  writeFileSync(note, JSON.stringify(installed));
  return installed;
}

async function rehearse(stand: Stand, { name, fault, run }: Drill): Promise<DrillResult> {
  say(`${name}: ${fault}`);
  const beganS = stand.timeline.nowS;
  try {
    const outcome = await run(stand);
    say(`${name}: ${JSON.stringify(outcome)}`);
    return { name, fault, outcome };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    say(`${name}: FAILED: ${failure}\n${await evidence(stand, beganS)}`);
    return { name, fault, failure };
  }
}

/** What was seen, and what the gate wrote. */
async function evidence(stand: Stand, fromS: number): Promise<string> {
  const seen = stand.timeline.since(fromS).map((change) => JSON.stringify(change));
  const journal = await stand.machine
    .try('journalctl -u portico -o short-monotonic --no-hostname -n 20', 60_000)
    .catch(() => ({ output: '(the machine does not answer)' }));
  return [...seen.slice(-20), journal.output].join('\n');
}

async function drillAll(installed: Installed, drills: readonly Drill[]): Promise<boolean> {
  const results: DrillResult[] = [];
  const write = (): void => {
    const about = { accelerator: accelerator(), wallMinutes: minutes(), installed };
    const run = { ...about, results };
    writeFileSync(join(folder, 'report.json'), `${JSON.stringify(run, undefined, 2)}\n`);
    writeFileSync(join(folder, 'report.md'), benchReport(run));
  };
  const disks = {
    disk: overlay(folder, 'installed.qcow2', 'drilled.qcow2'),
    state: stateOf('drilled'),
  };
  copyDisk(stateOf('installed'), disks.state);
  await withStand(disks, async (stand) => {
    await stand.worksSinceBoot();
    for (const drill of drills) {
      const result = await rehearse(stand, drill);
      results.push(result);
      write();
      // After a failure the next drill begins with a machine that has just started.
      if ('failure' in result && drill !== drills.at(-1)) await stand.restart();
    }
  });
  say(`report: ${join(folder, 'report.md')}`);
  return results.every((result) => 'outcome' in result);
}

async function main(): Promise<void> {
  const chosen = values.only?.split(',');
  prepareMachine(folder);
  const installed = await install();
  const drills = DRILLS.filter(({ name }) => chosen?.includes(name) ?? true);
  if (!(await drillAll(installed, drills))) process.exitCode = 1;
}

if (values.help) console.log(HELP);
else await main();
