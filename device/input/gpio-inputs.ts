import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import type {
  ContactState,
  DoorInputListener,
  DoorInputs,
} from '../../src/domain/ports/door-inputs.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import { Debouncer } from './debouncer.ts';
import type { GpioInputSpec } from './input-spec.ts';
import { type LineEdge, LineMonitor } from './line-monitor.ts';

export interface GpioInputsOptions {
  readonly spec: GpioInputSpec;
  readonly clock: Clock;
  readonly logger: Logger;
}

const SETTLE_MS = 30;
/** The kernel keeps 16 edges a line; after a storm the last one may be lost, so levels are read anew. */
const STORM_EDGES = 12;
const RESTART_MS = [100, 500, 2_000, 5_000] as const;
/**
 * A line may move unseen between the program that reads it and the one that watches it. So levels are
 * read anew soon after each start, and now and then for ever: no state is wrong for longer than that.
 */
const FIRST_REREAD_MS = 1_000;
const REREAD_MS = 30_000;

/** Door contact and exit button on GPIO lines, watched by one long-running `gpiomon`. */
export class GpioInputs implements DoorInputs {
  readonly description: string;
  readonly #options: GpioInputsOptions;
  /** Which sensor sits on which line, in the order in which the monitor is given them. */
  readonly #sensors: readonly ('contact' | 'exit')[];
  #listener: DoorInputListener | undefined;
  #monitor: LineMonitor | undefined;
  #debouncers: readonly Debouncer[] = [];
  #contact: ContactState = 'absent';
  /** As last known; undefined before it was read, and after a fault. */
  #isExitPressed: boolean | undefined;
  #edges = 0;
  /** The levels were read twice since the last start, storm or fault. */
  #isReread = false;
  #cancelReread: Cancel = () => {};
  /** Told the listener of a fault, and not recovered since. */
  #isFaulty = false;
  #restarts = 0;
  #cancelRestart: Cancel = () => {};

  constructor(options: GpioInputsOptions) {
    const { spec } = options;
    this.#options = options;
    this.#sensors = [
      ...(spec.contact === undefined ? [] : ['contact' as const]),
      ...(spec.exit === undefined ? [] : ['exit' as const]),
    ];
    const wired = this.#sensors.map((sensor) => `${sensor} ${spec[sensor]}`).join(', ');
    this.description = `GPIO door inputs ${spec.chip}: ${wired}`;
  }

  /** @throws PORTICO_INPUT_UNAVAILABLE when the lines cannot be read now */
  async open(listener: DoorInputListener): Promise<void> {
    this.#listener = listener;
    try {
      await this.#watch();
    } catch (error) {
      await this.close();
      throw error;
    }
    if (this.#contact === 'absent') listener.onContact('absent');
  }

  contact(): ContactState {
    return this.#contact;
  }

  async close(): Promise<void> {
    this.#listener = undefined;
    this.#contact = 'absent';
    this.#isExitPressed = undefined;
    this.#isReread = false;
    await this.#unwatch();
  }

  async #watch(): Promise<void> {
    const { spec, clock } = this.#options;
    const lines = this.#sensors.map((sensor) => spec[sensor] ?? '');
    const early: LineEdge[] = [];
    let deliver = (edge: LineEdge): void => {
      early.push(edge);
    };
    const monitor = await LineMonitor.start(spec, lines, clock, {
      onEdge: (edge) => deliver(edge),
      onEnd: (detail) => this.#failed(detail),
    });
    if (this.#listener === undefined) {
      await monitor.stop(); // closed meanwhile
      return;
    }
    this.#monitor = monitor;
    this.#isFaulty = false;
    this.#edges = 0;
    this.#debouncers = this.#sensors.map(
      (sensor, index) =>
        new Debouncer({
          clock,
          settleMs: SETTLE_MS,
          initial: monitor.levels[index] ?? false,
          onChange: (isActive) => this.#settled(sensor, isActive),
        }),
    );
    for (const [index, sensor] of this.#sensors.entries()) {
      this.#read(sensor, monitor.levels[index] === true);
    }
    this.#rereadLater();
    deliver = (edge) => this.#edge(edge);
    early.forEach(deliver);
  }

  #edge({ index, isActive }: LineEdge): void {
    this.#edges += 1;
    this.#debouncers[index]?.edge(isActive);
    if (this.#edges === STORM_EDGES) {
      this.#isReread = false;
      this.#rewatchAfter(SETTLE_MS);
    } else {
      this.#rereadLater(); // not in the middle of a bounce
    }
  }

  #settled(sensor: 'contact' | 'exit', isActive: boolean): void {
    this.#edges = 0;
    this.#restarts = 0;
    if (sensor === 'contact') this.#report(isActive);
    else this.#press(isActive, this.#isExitPressed ?? false);
  }

  #read(sensor: 'contact' | 'exit', isActive: boolean): void {
    if (sensor === 'contact') this.#report(isActive);
    // A button that is down when the gate begins may be stuck: only one seen up before was pressed.
    else this.#press(isActive, this.#isExitPressed ?? true);
  }

  #press(isPressed: boolean, wasPressed: boolean): void {
    this.#isExitPressed = isPressed;
    if (isPressed && !wasPressed) this.#listener?.onExitButton();
  }

  #rereadLater(): void {
    this.#cancelReread();
    this.#cancelReread = this.#options.clock.after(
      this.#isReread ? REREAD_MS : FIRST_REREAD_MS,
      () => {
        this.#isReread = true;
        this.#rewatchAfter(0);
      },
    );
  }

  #report(isClosed: boolean): void {
    const state = isClosed ? 'closed' : 'open';
    if (state === this.#contact) return;
    this.#contact = state;
    this.#listener?.onContact(state);
  }

  #failed(detail: string): void {
    if (this.#listener === undefined) return;
    if (!this.#isFaulty) this.#reportFault(this.#listener, detail);
    const delayMs = RESTART_MS[Math.min(this.#restarts, RESTART_MS.length - 1)] ?? 0;
    this.#restarts += 1;
    this.#rewatchAfter(delayMs);
  }

  #reportFault(listener: DoorInputListener, detail: string): void {
    this.#isFaulty = true;
    this.#options.logger.error(
      { event: 'input.fault', device: this.description, detail },
      'the door inputs are not readable; trying again',
    );
    this.#isReread = false;
    this.#isExitPressed = undefined;
    const wasKnown = this.#contact !== 'absent';
    this.#contact = 'absent';
    listener.onFault(detail);
    if (wasKnown) listener.onContact('absent');
  }

  #rewatchAfter(delayMs: number): void {
    this.#unwatch().then(
      () => this.#restartAfter(delayMs),
      () => this.#restartAfter(delayMs),
    );
  }

  #restartAfter(delayMs: number): void {
    if (this.#listener === undefined) return;
    this.#cancelRestart = this.#options.clock.after(delayMs, () => {
      this.#watch().catch((error: unknown) =>
        this.#failed(error instanceof Error ? error.message : String(error)),
      );
    });
  }

  async #unwatch(): Promise<void> {
    this.#cancelRestart();
    this.#cancelReread();
    for (const debouncer of this.#debouncers) debouncer.stop();
    const monitor = this.#monitor;
    this.#monitor = undefined;
    await monitor?.stop();
  }
}
