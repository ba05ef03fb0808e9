import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
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
const STORE = '/var/lib/bench/witness/store.db';
const WRITER = '/run/bench-writer';
const NODE = '/opt/portico/bin/node';
const PROGRAMS = '/mnt/bench/writer/test';
const WALL_LIMIT_MS = 600_000;
/** Changes that may stand in a copy although their lines had not left the machine yet: the one under way, and the next. */
const MOST_UNHEARD = 2;

/**
 * Another store in the machine, changed without pause; what it acknowledges is heard outside, so that a power cut cannot take
 * that back.
 */
export class StoreWitness {
  /** What the machine's port has brought, of all lives of it. */
  readonly #log: string;
  /** What was acknowledged up to #settled. */
  #model: StoreModel = EMPTY_MODEL;
  #seed = 0;
  /** Bytes of the log whose changes the model has. */
  #settled = 0;
  #acknowledged = 0;

  constructor(log: string) {
    this.#log = log;
  }

  /** How much has left the machine so far. */
  get heardBytes(): number {
    return existsSync(this.#log) ? statSync(this.#log).size : 0;
  }

  /** Acknowledged changes of this life that the model has. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  async begin(machine: Machine): Promise<void> {
    this.#seed += 1;
    this.#acknowledged = 0;
    const writer = `${NODE} ${PROGRAMS}/fault/store-writer.js ${STORE} ${this.#seed}`;
    await machine.run(
      `mkdir -p "$(dirname ${STORE})"; setsid ${writer} >${PORT} 2>${WRITER}.log & echo $! >${WRITER}.pid`,
    );
  }

  /** Resolves once so many changes of this life are acknowledged. */
  async until(changes: number): Promise<void> {
    const limit = performance.now() + WALL_LIMIT_MS;
    while (this.#acknowledged < changes) {
      if (performance.now() > limit) throw new Error('the writer does not write');
      this.#settle(this.heardBytes);
      await delay(50);
    }
  }

  /** Kills its writer, and compares the store in the machine. */
  async end(machine: Machine): Promise<void> {
    await machine.run(`kill -KILL "$(cat ${WRITER}.pid)"; sleep 1`);
    await this.check(machine);
  }

  /** After the end of a life. @throws when something that was acknowledged is lost */
  async check(machine: Machine): Promise<void> {
    const found = await machine.run(`${NODE} ${PROGRAMS}/bench/read-store.js ${STORE}`);
    this.compare(found, this.heardBytes);
    const whole = this.#unheard().find((model) => modelText(model) === found);
    if (whole !== undefined) this.#model = whole;
    this.#settled = this.heardBytes;
  }

  /**
   * Compares what a store holds with what had been heard at a moment; each change is there wholly, or not at all.
   * @throws when something that was acknowledged then is lost
   */
  compare(found: string, heardBytes: number): void {
    this.#settle(heardBytes);
    const possible = [this.#model, ...this.#unheard()].map(modelText);
    if (!possible.includes(found)) {
      assert.equal(found, possible[0], 'the store is not what was acknowledged');
    }
  }

  /** Takes into the model what was acknowledged within so many bytes of the log. */
  #settle(untilBytes: number): void {
    let at = this.#settled;
    let pending: StoreChange | undefined;
    for (const line of this.#lines(untilBytes)) {
      at += Buffer.byteLength(line) + 1;
      const message = JSON.parse(line) as StoreChange | 'done';
      if (message !== 'done') pending = message;
      else if (pending !== undefined) {
        this.#model = after(this.#model, pending);
        this.#acknowledged += 1;
        this.#settled = at;
        pending = undefined;
      }
    }
  }

  /** The model after each of the next changes, as far as they are known by now. */
  #unheard(): readonly StoreModel[] {
    const next = this.#lines(this.heardBytes)
      .map((line) => JSON.parse(line) as StoreChange | 'done')
      .filter((message) => message !== 'done')
      .slice(0, MOST_UNHEARD);
    const models: StoreModel[] = [];
    for (const change of next) models.push(after(models.at(-1) ?? this.#model, change));
    return models;
  }

  /** Whole lines between what is settled and there. */
  #lines(untilBytes: number): readonly string[] {
    const lines = readFileSync(this.#log)
      .subarray(this.#settled, untilBytes)
      .toString('utf8')
      .split('\n');
    lines.pop(); // an empty rest, or a line that was cut off before its change began
    return lines;
  }
}
