import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  after,
  EMPTY_MODEL,
  modelText,
  type StoreChange,
  type StoreModel,
} from '../fault/store-model.ts';
import type { Machine } from './machine.ts';

const PORT = '/dev/virtio-ports/bench.writer';
const STORE = '/var/lib/bench/witness.db';
const NODE = '/opt/portico/bin/node';
const PROGRAMS = '/mnt/bench/writer/test';
const WALL_LIMIT_MS = 600_000;

/**
 * Another store in the machine, changed without pause; what it acknowledges is heard outside, so that a power cut cannot take
 * that back.
 */
export class StoreWitness {
  /** What the machine's port has brought, of all lives of it. */
  readonly #log: string;
  #model: StoreModel = EMPTY_MODEL;
  #seed = 0;
  /** Bytes of the log that are settled. */
  #settled = 0;

  constructor(log: string) {
    this.#log = log;
  }

  async begin(machine: Machine): Promise<void> {
    this.#seed += 1;
    await machine.run(
      `mkdir -p /var/lib/bench; setsid ${NODE} ${PROGRAMS}/fault/store-writer.js ${STORE} ${this.#seed} >${PORT} 2>/run/bench-writer.log &`,
    );
  }

  /** Resolves once so many changes of this life are acknowledged. */
  async until(changes: number): Promise<void> {
    const limit = performance.now() + WALL_LIMIT_MS;
    while (this.#told().filter((line) => line === 'done').length < changes) {
      if (performance.now() > limit) throw new Error('the writer does not write');
      await delay(50);
    }
  }

  /** After the power cut. @returns how many changes were acknowledged in that life @throws when one of them is lost */
  async check(machine: Machine): Promise<number> {
    const told = this.#told();
    this.#settled = readFileSync(this.#log).length;
    let pending: StoreChange | undefined;
    let acknowledged = 0;
    for (const line of told) {
      if (line !== 'done') pending = line;
      else if (pending !== undefined) {
        this.#model = after(this.#model, pending);
        acknowledged += 1;
        pending = undefined;
      }
    }
    const found = await machine.run(`${NODE} ${PROGRAMS}/bench/read-store.js ${STORE}`);
    const whole = pending === undefined ? undefined : after(this.#model, pending);
    // The change in flight is there wholly, or not at all.
    if (whole !== undefined && found === modelText(whole)) this.#model = whole;
    assert.equal(found, modelText(this.#model), 'the store is not what was acknowledged');
    return acknowledged;
  }

  #told(): readonly (StoreChange | 'done')[] {
    const lines = readFileSync(this.#log).subarray(this.#settled).toString('utf8').split('\n');
    lines.pop(); // an empty rest, or a line that was cut off before its change began
    return lines.map((line) => JSON.parse(line) as StoreChange | 'done');
  }
}
