import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { Watchdog } from '../domain/ports/watchdog.ts';
import type { MonotonicMs } from '../domain/units.ts';
import type { Heartbeat, HeartbeatVerdict } from './heartbeat.ts';

export interface LifeSignsParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly watchdog: Watchdog;
  readonly heartbeat: Heartbeat;
  /** Codes of the faults that hold, oldest first. */
  readonly faults: () => readonly string[];
}

/** While the gate starts it asks for this much more time, this often. */
const EXTEND_EVERY_MS = 10_000;
const EXTEND_BY_MS = 30_000;
/** Loading models may compile for minutes; a start that takes longer than this hangs. */
const LONGEST_START_MS = 900_000;
/** How often the status line is renewed where nobody waits for signs of life. */
const QUIET_EVERY_MS = 10_000;

/** Tells the supervisor that the gate lives, and only as long as its stages prove it. */
export class LifeSigns {
  readonly #parts: LifeSignsParts;
  #startedAtMs: MonotonicMs;
  #cancel: Cancel = () => undefined;
  #wasAlive = true;
  #said = '';

  constructor(parts: LifeSignsParts) {
    this.#parts = parts;
    this.#startedAtMs = parts.clock.now();
  }

  /** Models are loaded, devices are tried: more time, within bounds. */
  starting(): void {
    const { clock, watchdog } = this.#parts;
    this.#startedAtMs = clock.now();
    watchdog.extend(EXTEND_BY_MS);
    watchdog.status('starting');
    this.#every(EXTEND_EVERY_MS, () => {
      if (clock.now() - this.#startedAtMs <= LONGEST_START_MS) watchdog.extend(EXTEND_BY_MS);
    });
  }

  /** The gate stands, whole or degraded; from here on it has to prove that it lives. */
  ready(): void {
    const { watchdog, clock, heartbeat } = this.#parts;
    this.#said = this.#describe(heartbeat.verdict(clock.now()));
    watchdog.ready(this.#said);
    this.#sign();
    this.#every(watchdog.signEveryMs ?? QUIET_EVERY_MS, () => this.#sign());
  }

  stopping(): void {
    this.end();
    this.#parts.watchdog.stopping('stopping: the strike is released first');
  }

  /** No sign any more, and no timer that keeps the process. */
  end(): void {
    this.#cancel();
  }

  #every(periodMs: number, task: () => void): void {
    this.#cancel();
    this.#cancel = this.#parts.clock.every(periodMs, task);
  }

  #sign(): void {
    const { watchdog, heartbeat, clock, logger } = this.#parts;
    const verdict = heartbeat.verdict(clock.now());
    const status = this.#describe(verdict);
    if (verdict.isAlive) watchdog.ping();
    if (status !== this.#said) watchdog.status(status);
    this.#said = status;
    if (verdict.isAlive === this.#wasAlive) return;
    this.#wasAlive = verdict.isAlive;
    const { overdue, stalest } = verdict;
    const fields = { overdue, stalest: stalest.stage, ageMs: Math.round(stalest.ageMs) };
    if (verdict.isAlive) logger.info({ event: 'health.alive', ...fields }, 'every stage works');
    else logger.error({ event: 'health.stalled', ...fields }, 'a stage has stopped working');
  }

  /** Names the stage by its condition, not its age: a line that changes each time says nothing. */
  #describe({ isAlive, overdue, degraded, stalest }: HeartbeatVerdict): string {
    if (!isAlive) {
      const seconds = Math.round(stalest.ageMs / 1_000);
      return `stalled: ${overdue.join(', ')}; ${stalest.stage} did nothing for ${seconds} s`;
    }
    const faults = this.#parts.faults();
    const limits = [...degraded.map((stage) => `no ${stage}`), ...faults];
    return limits.length === 0
      ? `working; stalest stage: ${stalest.stage}`
      : `degraded: ${limits.join(', ')}; stalest stage: ${stalest.stage}`;
  }
}
