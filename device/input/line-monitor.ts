import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import { GpiodPrograms } from '../gpio/gpiod-programs.ts';
import { deathSignalPrefix, LineProcess } from '../gpio/line-process.ts';
import { watchChip } from '../gpio/watch-chip.ts';
import type { GpioInputSpec } from './input-spec.ts';

export interface LineEdge {
  /** Index into the lines asked for. */
  readonly index: number;
  readonly isActive: boolean;
}

export interface MonitorListener {
  onEdge(edge: LineEdge): void;
  /** The monitor ended by itself. */
  onEnd(detail: string): void;
}

const REQUEST_TIMEOUT_MS = 1_000;

/** One run of `gpiomon` on some lines of a chip, and the levels from which it started. */
export class LineMonitor {
  readonly levels: readonly boolean[];
  readonly #process: LineProcess;
  readonly #cancelWatch: Cancel;
  readonly #listener: MonitorListener;
  #isOver = false;

  private constructor(
    levels: readonly boolean[],
    process: LineProcess,
    listener: MonitorListener,
    watch: (onGone: (detail: string) => void) => Cancel,
  ) {
    this.levels = levels;
    this.#process = process;
    this.#listener = listener;
    this.#cancelWatch = watch((detail) => this.#over(detail));
    void process.exited.then((exit) => this.#over(exit.detail));
  }

  /**
   * Reads the levels and then watches for edges. A line that moves in the few milliseconds between
   * the two programs is noticed at its next edge only: the kernel gives a line to one of them.
   * @throws PORTICO_INPUT_UNAVAILABLE
   */
  static async start(
    spec: GpioInputSpec,
    lines: readonly string[],
    clock: Clock,
    listener: MonitorListener,
  ): Promise<LineMonitor> {
    const programs = new GpiodPrograms('PORTICO_INPUT_UNAVAILABLE');
    const dialect = await programs.dialect();
    const chip = await programs.findChip(spec.chip);
    const offsets = await Promise.all(lines.map((line) => programs.findLine(dialect, chip, line)));
    const options = [
      ...(spec.activeLow ? ['--active-low'] : []),
      ...(spec.bias === undefined ? [] : [`--bias=${spec.bias}`]),
    ];
    const where = dialect === 'v1' ? [chip.name] : ['--chip', chip.name];
    const numeric = dialect === 'v1' ? [] : ['--numeric'];
    const text = await programs.run('gpioget', [...options, ...numeric, ...where, ...offsets]);
    const levels = text.trim().split(/\s+/);
    if (levels.length !== lines.length || levels.some((level) => !/^[01]$/.test(level))) {
      throw programs.programFault('gpioget', `it printed "${text.trim()}"`);
    }
    // v1 prints 0 or 1 and needs to be told to print at once; v2 numbers its events otherwise.
    const format =
      dialect === 'v1'
        ? ['--line-buffered', '--format=%o %e']
        : ['--edges=both', '--format', '%l %o %E'];
    const monitor = LineProcess.start(
      {
        prefix: deathSignalPrefix(),
        program: 'gpiomon',
        args: [...options, ...format, ...where, ...offsets],
      },
      edgeReader(offsets, listener),
    );
    const handles = dialect === 'v1' ? lines.length : 1;
    if (!(await monitor.owns(handles, REQUEST_TIMEOUT_MS, clock))) {
      await monitor.kill();
      throw programs.programFault('gpiomon', (await monitor.exited).detail);
    }
    return new LineMonitor(
      levels.map((level) => level === '1'),
      monitor,
      listener,
      (onGone) => watchChip(chip, clock, onGone),
    );
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#cancelWatch();
    await this.#process.kill();
  }

  #over(detail: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelWatch();
    this.#listener.onEnd(detail);
  }
}

/** Reads `<offset> <0 or 1>` of v1 and `<name> <offset> <rising or falling>` of v2. */
function edgeReader(offsets: readonly string[], listener: MonitorListener): (text: string) => void {
  let rest = '';
  return (text) => {
    const rows = (rest + text).split('\n');
    rest = (rows.pop() ?? '').slice(-1_000);
    for (const row of rows) {
      const v1 = /^(\d+) ([01])$/.exec(row);
      const v2 = /^(\S+) (\d+) (rising|falling)$/.exec(row);
      const index = offsets.findIndex(
        (line) => line === v1?.[1] || line === v2?.[1] || line === v2?.[2],
      );
      if (index >= 0) listener.onEdge({ index, isActive: v1?.[2] === '1' || v2?.[3] === 'rising' });
    }
  };
}
