import { existsSync } from 'node:fs';
import type { Cancel, Clock } from '../../../src/domain/ports/clock.ts';
import { type GpiodDialect, GpiodPrograms } from '../../gpio/gpiod-programs.ts';
import { deathSignalPrefix, LineProcess } from '../../gpio/line-process.ts';
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
const REQUEST_TIMEOUT_MS = 500;
/** What gpioset may exceed a pulse by before it ends it alone, when nobody is left to end it. */
const ORPHAN_GRACE_MS = 200;
const CHIP_CHECK_MS = 1_000;

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
  /** Counts level changes: an older one that wakes up late must not touch the line. */
  #change = 0;
  #cancelCheck: Cancel = () => {};
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
    this.#watchChip(chip.name);
  }

  async on(durationMs: number): Promise<void> {
    await this.#hold(1, durationMs);
  }

  async off(): Promise<void> {
    await this.#hold(0, 0);
  }

  async close(): Promise<void> {
    this.#change += 1;
    this.#cancelCheck();
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
    const process = LineProcess.start(this.#command(line, level, durationMs));
    this.#process = process;
    if (!(await process.owns(1, REQUEST_TIMEOUT_MS, this.#clock))) {
      await process.kill();
      const { detail } = await process.exited;
      if (change !== this.#change) throw failedWrite('gpio', 'overtaken by another change');
      throw this.#programs.programFault('gpioset', detail);
    }
    void process.exited.then((exit) => {
      if (change !== this.#change) return; // ended by us
      if (level === 1 && exit.clean) this.#onEnded();
      else this.#onLost(`gpioset let go of the line: ${exit.detail}`);
    });
  }

  #command(line: Line, level: 0 | 1, durationMs: number): [string, ...string[]] {
    const [program, ...rest] = [...this.#prefix, 'gpioset'];
    const polarity = this.#spec.activeLow ? ['--active-low'] : [];
    const args =
      line.dialect === 'v1'
        ? [...v1Mode(level, durationMs), line.chipName, `${line.line}=${level}`]
        : [...v2Mode(level, durationMs), '--chip', line.chipName, `${line.line}=${level}`];
    return [program ?? 'gpioset', ...rest, ...polarity, ...args];
  }

  /** libgpiod 1 does not notice that its chip was unplugged; its device file tells. */
  #watchChip(chipName: string): void {
    this.#cancelCheck();
    const path = `/dev/${chipName}`;
    if (!existsSync(path)) return;
    this.#cancelCheck = this.#clock.every(CHIP_CHECK_MS, () => {
      if (existsSync(path)) return;
      this.#cancelCheck();
      this.#onLost(`${chipName} has been unplugged`);
    });
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
