// npm run test:soak -- --minutes 60: see README.md here. Runs the gate of soaked-gate.ts, adds and removes people beside it,
// takes its events as an auditor would, and says at the end whether memory, descriptors and latency stayed as they were.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { openPeopleStore } from '../../src/cli/people-store.ts';
import { openDemoStage } from '../../src/composition/demo-stage.ts';
import { loadConfig } from '../../src/config/load.ts';
import { encodePortrait } from '../helpers/encode-portrait.ts';
import { preparedCatalogue } from '../helpers/prepared-vision.ts';
import { PORTICO } from '../helpers/real-gate.ts';
import { readProcess } from './read-process.ts';
import { RosterChurn } from './roster-churn.ts';
import { type SoakSample, soakReport } from './soak-report.ts';
import type { SoakLine } from './soaked-gate.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    frames: { type: 'string', default: '1000000' },
    samples: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const CHANGE_EVERY_MS = 2_000;
const TAKE_EVERY_MS = 5_000;

const folder = mkdtempSync(join(tmpdir(), 'portico-soak-'));
const environment = { ...process.env, STATE_DIRECTORY: folder };

async function enrolResident(): Promise<void> {
  const settings = {
    schemaVersion: 1,
    camera: { source: 'test:' },
    policy: { liveness: { waivedBecause: 'the visitors of the soak are photographs' } },
    door: { relay: 'simulated:', inputs: 'none:', pulseMs: 500 },
    kiosk: { port: 0 },
    health: { port: 0 },
  };
  writeFileSync(join(folder, 'portico.json'), JSON.stringify(settings));
  const config = loadConfig({ environment });
  const { enrolmentPhoto } = await openDemoStage(config, preparedCatalogue());
  const photo = join(folder, 'resident.png');
  writeFileSync(photo, await encodePortrait(enrolmentPhoto));
  const { status } = spawnSync(process.execPath, [PORTICO, 'enrol', 'resident', photo], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the resident could not be enrolled');
}

function startGate(): ChildProcess & { readonly pid: number } {
  const program = fileURLToPath(new URL('./soaked-gate.js', import.meta.url));
  const child = spawn(process.execPath, ['--expose-gc', program], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.pid === undefined) throw new Error('the gate could not be started');
  return Object.assign(child, { pid: child.pid });
}

/** Until the time is over, the frames are done, the gate has ended or somebody interrupts. */
async function soak(): Promise<void> {
  await enrolResident();
  const store = openPeopleStore(loadConfig({ environment }), clock, false);
  const churn = new RosterChurn(store);
  const gate = startGate();
  const samples: SoakSample[] = [];
  const beganMs = clock.now();
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    gate.kill('SIGTERM');
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  gate.once('exit', () => {
    isOver = true;
  });
  createInterface({ input: gate.stdout! }).on('line', (text) => {
    const reading = readProcess(gate.pid);
    if (reading === undefined) return;
    const line = JSON.parse(text) as SoakLine;
    const minutes = (clock.now() - beganMs) / 60_000;
    const sample: SoakSample = { minutes, ...line, ...reading };
    samples.push(sample);
    if (values.samples !== undefined) {
      appendFileSync(values.samples, `${JSON.stringify(sample)}\n`);
    }
    if (line.frames >= Number(values.frames) || minutes >= Number(values.minutes)) isOver = true;
  });
  let takeAtMs = 0;
  while (!isOver) {
    await clock.sleep(CHANGE_EVERY_MS);
    churn.change();
    if (clock.now() < takeAtMs) continue;
    churn.takeEvents();
    takeAtMs = clock.now() + TAKE_EVERY_MS;
  }
  const ended = gate.exitCode === null && gate.signalCode === null ? once(gate, 'exit') : undefined;
  gate.kill('SIGTERM');
  await ended;
  churn.takeEvents();
  store.close();
  const { takenEvents, added: peopleAdded, removed: peopleRemoved } = churn;
  console.log(soakReport({ samples, takenEvents, peopleAdded, peopleRemoved }));
  if (gate.exitCode !== 0)
    throw new Error(`the gate ended with ${gate.exitCode ?? gate.signalCode}`);
}

if (values.help) {
  console.log(
    'npm run test:soak -- [--minutes 60] [--frames 1000000] [--samples file.jsonl]\n' +
      'Ends with whichever comes first, and prints memory, descriptors, latency and events.',
  );
} else {
  try {
    await soak();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
