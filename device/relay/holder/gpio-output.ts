import type { Cancel, Clock } from '../../../src/domain/ports/clock.ts';
import { type GpiodDialect, GpiodPrograms } from '../../gpio/gpiod-programs.ts';
import { deathSignalPrefix, type LineCommand, LineProcess } from '../../gpio/line-process.ts';
import { watchChip } from '../../gpio/watch-chip.ts';
import { failedWrite } from '../relay-faults.ts';
import type { RelaySpec } from '../relay-spec.ts';
import type { HeldOutput } from './held-output.ts';

interface Line {
  readonly dialect: GpiodDialect;
  readonly chipName: string;
  /** What gpioset takes as the line. */
  readonly line: string;
}

/** How long the kernel may take to hand over the line; a hung gpioset is cut after it. */
const REQUEST_TIMEOUT_MS = 1_000;
/** What gpioset may exceed a pulse by before it ends it alone, when nobody is left to end it. */
const ORPHAN_GRACE_MS = 200;

/**
 * A GPIO line owned through `gpioset`, which holds one level for its life: changing the level means
 * ending one gpioset and starting the next. In between the line is nobody's, for the few
 * milliseconds that a program takes to start.
 *
 * Going on, that gap only delays the pulse. Going off, libgpiod 2 drives the line low before it
 * lets go (`--toggle`), so the gap is between two lows; libgpiod 1 cannot, and the line keeps or
 * loses its level until the next gpioset drives it low.
 */
export class GpioOutput implements HeldOutput {
  readonly confirmsLevel = true;
  endsPulseItself = false;
  readonly #spec: Extract<RelaySpec, { kind: 'gpio' }>;
  readonly #clock: Clock;
  readonly #programs = new GpiodPrograms('PORTICO_RELAY_UNAVAILABLE');
  readonly #prefix = deathSignalPrefix();
  #line: Line | undefined;
  #process: LineProcess | undefined;
  /** Waits during a pulse for its end, so that nothing but an exec stands between us and the lock. */
  #standby: LineProcess | undefined;
  /** Counts level changes: an older one that wakes up late must not touch the line. */
  #change = 0;
  #cancelWatch: Cancel = () => {};
  #onLost: (detail: string) => void = () => {};
  #onEnded: () => void = () => {};

  constructor(spec: Extract<RelaySpec, { kind: 'gpio' }>, clock: Clock) {
    this.#spec = spec;
    this.#clock = clock;
  }

  async open(): Promise<void> {
    const dialect = await this.#programs.dialect();
    const chip = await this.#programs.findChip(this.#spec.chip);
    const line = await this.#programs.findLine(dialect, chip, this.#spec.line);
    this.#line = { dialect, chipName: chip.name, line };
    this.endsPulseItself = dialect === 'v2';
    await this.off();
    this.#cancelWatch();
    this.#cancelWatch = watchChip(chip, this.#clock, (detail) => this.#onLost(detail));
  }

  async on(durationMs: number): Promise<void> {
    await this.#hold(1, durationMs);
  }

  async off(): Promise<void> {
    await this.#hold(0, 0);
  }

  async close(): Promise<void> {
    this.#change += 1;
    this.#cancelWatch();
    await this.#standby?.kill();
    await this.#process?.kill();
  }

  onLost(listener: (detail: string) => void): void {
    this.#onLost = listener;
  }

  onEnded(listener: () => void): void {
    this.#onEnded = listener;
  }

  async #hold(level: 0 | 1, durationMs: number): Promise<void> {
    const line = this.#line;
    if (line === undefined) throw failedWrite('gpio', 'the line is not open');
    this.#change += 1;
    const change = this.#change;
    await this.#process?.kill();
    if (change !== this.#change) throw failedWrite('gpio', 'overtaken by another change');
    const process = this.#launch(line, level, durationMs);
    this.#process = process;
    if (!(await process.owns(1, REQUEST_TIMEOUT_MS, this.#clock))) {
      await process.kill();
      const { detail } = await process.exited;
      if (change !== this.#change) throw failedWrite('gpio', 'overtaken by another change');
      throw this.#programs.programFault('gpioset', detail);
    }
    if (change !== this.#change) throw failedWrite('gpio', 'overtaken by another change');
    if (level === 1) this.#standby = LineProcess.prepare(this.#command(line, 0, 0));
    void process.exited.then((exit) => {
      if (change !== this.#change) return; // ended by us
      if (level === 1 && exit.clean) this.#onEnded();
      else this.#onLost(`gpioset let go of the line: ${exit.detail}`);
    });
  }

  #launch(line: Line, level: 0 | 1, durationMs: number): LineProcess {
    const standby = this.#standby;
    this.#standby = undefined;
    if (standby !== undefined && level === 0 && standby.isAlive) {
      standby.go();
      return standby;
    }
    void standby?.kill();
    return LineProcess.start(this.#command(line, level, durationMs));
  }

  #command({ dialect, chipName, line }: Line, level: 0 | 1, durationMs: number): LineCommand {
    const polarity = this.#spec.activeLow ? ['--active-low'] : [];
    const mode = dialect === 'v1' ? v1Mode(level, durationMs) : v2Mode(level, durationMs);
    const chip = dialect === 'v1' ? [chipName] : ['--chip', chipName];
    const args = [...polarity, ...mode, ...chip, `${line}=${level}`];
    return { prefix: this.#prefix, program: 'gpioset', args };
  }
}

function v1Mode(level: 0 | 1, durationMs: number): readonly string[] {
  if (level === 0) return ['--mode=signal'];
  const limitMs = durationMs + ORPHAN_GRACE_MS;
  const seconds = Math.floor(limitMs / 1_000);
  return ['--mode=time', `--sec=${seconds}`, `--usec=${(limitMs % 1_000) * 1_000}`];
}

const v2Mode = (level: 0 | 1, durationMs: number): readonly string[] =>
  level === 0 ? [] : ['--toggle', `${durationMs}ms,0`];
