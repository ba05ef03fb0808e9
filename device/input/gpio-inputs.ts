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
  #edges = 0;
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
    const contactIndex = this.#sensors.indexOf('contact');
    if (contactIndex >= 0) this.#report(monitor.levels[contactIndex] === true);
    deliver = (edge) => this.#edge(edge);
    early.forEach(deliver);
  }

  #edge({ index, isActive }: LineEdge): void {
    this.#edges += 1;
    this.#debouncers[index]?.edge(isActive);
    if (this.#edges === STORM_EDGES) this.#rewatchAfter(SETTLE_MS);
  }

  #settled(sensor: 'contact' | 'exit', isActive: boolean): void {
    this.#edges = 0;
    this.#restarts = 0;
    if (sensor === 'contact') this.#report(isActive);
    else if (isActive) this.#listener?.onExitButton();
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
    for (const debouncer of this.#debouncers) debouncer.stop();
    const monitor = this.#monitor;
    this.#monitor = undefined;
    await monitor?.stop();
  }
}
