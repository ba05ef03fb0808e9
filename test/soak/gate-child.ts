import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { openPeopleStore } from '../../src/cli/people-store.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Store } from '../../src/gallery/store.ts';
import { PORTICO } from '../helpers/real-gate.ts';
import { unitVector } from '../helpers/store-data.ts';
import { PageViewer } from './page-viewer.ts';
import { readProcess } from './read-process.ts';
import { RosterChurn } from './roster-churn.ts';
import type { SoakSample } from './soak-report.ts';
import type { SoakLine } from './soaked-gate.ts';
import { configureGate, ENCODER } from './soaked-site.ts';

const PROGRAM = fileURLToPath(new URL('./soaked-gate.js', import.meta.url));

/** A gate of the soak in a process of its own, and whoever adds and removes people at the gate itself. */
export class GateChild {
  readonly gateId: string;
  readonly config: Config;
  readonly samples: SoakSample[] = [];
  readonly churn: RosterChurn;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #store: Store;
  readonly #onSample: (sample: SoakSample) => void;
  #child: ChildProcess | undefined;
  #viewer: PageViewer | undefined;

  /** Joins the site as an installer does. @param onSample  every line of the gate's numbers */
  constructor(
    parts: { readonly folder: string; readonly gateId: string; readonly passport: string },
    seed: number,
    onSample: (sample: SoakSample) => void,
  ) {
    this.gateId = parts.gateId;
    this.#onSample = onSample;
    const folder = join(parts.folder, parts.gateId);
    mkdirSync(folder);
    this.#environment = configureGate(folder);
    const { status, stderr } = spawnSync(
      process.execPath,
      [PORTICO, 'gate', 'join', parts.passport],
      { env: this.#environment, encoding: 'utf8' },
    );
    assert.equal(status, 0, `the gate did not join its site: ${stderr}`);
    this.config = loadConfig({ environment: this.#environment });
    this.#store = openPeopleStore(this.config, clock, false);
    this.churn = new RosterChurn('guest', seed);
  }

  start(): void {
    const child = spawn(process.execPath, ['--expose-gc', PROGRAM], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const { pid } = child;
    assert.ok(pid !== undefined, 'the gate could not be started');
    const beganMs = clock.now();
    createInterface({ input: child.stdout }).on('line', (text) => {
      const reading = readProcess(pid);
      if (reading === undefined) return;
      const line = JSON.parse(text) as SoakLine;
      const minutes = (clock.now() - beganMs) / 60_000;
      const sample: SoakSample = { gateId: this.gateId, minutes, ...line, ...reading };
      this.samples.push(sample);
      this.#viewer ??= new PageViewer(line.pageUrl, line.healthUrl);
      this.#onSample(sample);
    });
  }

  get hasEnded(): boolean {
    const child = this.#child;
    return child !== undefined && (child.exitCode !== null || child.signalCode !== null);
  }

  /** Of the page, by whoever stands before the wall, and of the metrics. */
  get watched(): { readonly shown: number; readonly scrapes: number } {
    return { shown: this.#viewer?.shown ?? 0, scrapes: this.#viewer?.scrapes ?? 0 };
  }

  get frames(): number {
    return this.samples.at(-1)?.frames ?? 0;
  }

  /** Of its roster, as it last said. */
  get standing(): SoakSample['standing'] {
    return this.samples.at(-1)?.standing ?? 'alone';
  }

  /** Somebody comes or goes, in the gate's own store. */
  change(): void {
    const { identityId, serial, isIn } = this.churn.draw();
    if (!isIn) {
      this.#store.deleteIdentity(identityId);
      return;
    }
    const templates = [
      { modelId: ENCODER.modelId, embedding: unitVector(serial + 1, ENCODER.dimension) },
    ];
    this.#store.enrol({ identityId, name: `Guest ${serial}`, templates });
  }

  people(): readonly string[] {
    return this.#store
      .identities()
      .map(({ identityId }) => identityId)
      .sort();
  }

  events(): { readonly last: number; readonly acknowledged: number } {
    return this.#store.outboxRange();
  }

  /** Numbers of the events that wait for the auditor. */
  waiting(after: number): readonly number[] {
    return this.#store.eventsAfter(after, 1_000).map(({ number }) => number);
  }

  /** @throws AssertionError when it had ended by itself, or ends with an error */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#viewer?.close();
    const ended = this.hasEnded ? undefined : once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    assert.equal(
      child.exitCode,
      0,
      `${this.gateId} ended with ${child.signalCode ?? child.exitCode}`,
    );
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  close(): void {
    this.#viewer?.close();
    this.#store.close();
  }
}
