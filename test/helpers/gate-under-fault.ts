import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import type { GatePassport } from '../../src/messaging/site/site-files.ts';
import type { DoorMove, GateProcessSettings } from '../fault/messaging/gate-process.ts';
import { openTestStore } from './store-bench.ts';

const PROGRAM = fileURLToPath(new URL('../fault/messaging/gate-process.js', import.meta.url));

/** What a gate has in the end. */
export interface GateHoldings {
  /** The first template of everybody, sorted. */
  readonly templates: readonly string[];
  readonly lastEvent: number;
}

/** A gate in a process of its own, with its store in a folder. */
export class GateUnderFault {
  readonly gateId: string;
  readonly #folder: string;
  readonly #storeFolder: string;
  readonly #command: readonly string[];
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  /** @param surroundings  `storeFolder`: another disk; `command`: what starts Node somewhere else */
  constructor(
    passport: GatePassport,
    folder: string,
    surroundings: { readonly storeFolder?: string; readonly command?: readonly string[] } = {},
  ) {
    this.gateId = passport.gateId;
    this.#folder = folder;
    this.#storeFolder = surroundings.storeFolder ?? folder;
    this.#command = surroundings.command ?? [];
    writeFileSync(this.#path('passport.json'), JSON.stringify(passport));
  }

  /** @returns a promise for the moment in which it is at work */
  start(change: Partial<GateProcessSettings> = {}): Promise<void> {
    const settings: GateProcessSettings = {
      passportPath: this.#path('passport.json'),
      storePath: this.#storePath,
      doorPath: this.#path('door.jsonl'),
      eventsEveryMs: 0,
      clockSkewMs: 0,
      keepaliveSeconds: 2,
      ...change,
    };
    const [program = '', ...args] = [
      ...this.#command,
      process.execPath,
      PROGRAM,
      JSON.stringify(settings),
    ];
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('exit', () => resolve()));
    return new Promise((resolve) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => resolve());
    });
  }

  /** Nobody expected that it ends by itself. */
  assertAlive(): void {
    assert.equal(this.#child?.exitCode, null, `${this.gateId} has ended`);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.#ended;
  }

  /** Every order that reached the door. */
  moves(): readonly DoorMove[] {
    const path = this.#path('door.jsonl');
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line): DoorMove => JSON.parse(line));
  }

  /** When its process has ended. */
  holdings(): GateHoldings {
    const store = openTestStore(this.#storePath, { clock });
    const templates = store
      .identities()
      .map(({ identityId }) => store.templatesOf(identityId)[0]?.templateId ?? '');
    const lastEvent = store.outboxRange().last;
    store.close();
    return { templates: templates.sort(), lastEvent };
  }

  get #storePath(): string {
    return join(this.#storeFolder, `${this.gateId}.db`);
  }

  #path(name: string): string {
    return join(this.#folder, `${this.gateId}.${name}`);
  }
}
