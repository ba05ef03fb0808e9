import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import type { Relay, RelayState } from '../../src/domain/ports/relay.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';
import { DutyGuard } from './duty-guard.ts';
import { failedWrite, pulseObjection, refusedPulse, unavailableRelay } from './relay-faults.ts';

export interface RecordedPulse {
  readonly atMs: MonotonicMs;
  readonly durationMs: number;
}

/** Moves nothing and remembers everything: for tests, the demo and dry runs. */
export class SimulatedRelay implements Relay {
  readonly description = 'simulated relay';
  readonly maxPulseMs: number;
  readonly pulses: RecordedPulse[] = [];
  readonly #clock: Clock;
  readonly #duty: DutyGuard;
  readonly #listeners: ((state: RelayState) => void)[] = [];
  #state: RelayState = 'released';
  #cancelEnd: Cancel | undefined;
  #isOpen = true;
  #faults = 0;

  constructor(options: { readonly clock: Clock; readonly maxPulseMs: number }) {
    this.#clock = options.clock;
    this.maxPulseMs = options.maxPulseMs;
    this.#duty = new DutyGuard(options.maxPulseMs);
  }

  /** Makes the next `count` pulses fail as a broken output would. */
  failNext(count = 1): void {
    this.#faults = count;
  }

  async pulse(durationMs: number): Promise<void> {
    if (!this.#isOpen) {
      throw unavailableRelay(this.description, 'closed', {
        remedy: 'Open the relay first.',
        transient: false,
      });
    }
    const objection = pulseObjection(durationMs, this.maxPulseMs);
    if (objection !== undefined) throw refusedPulse(this.description, objection);
    if (this.#state !== 'released') throw refusedPulse(this.description, 'a pulse still lasts');
    const atMs = this.#clock.now();
    const duty = this.#duty.check(atMs, durationMs);
    if (duty.kind === 'exceeded') throw refusedPulse(this.description, duty.detail);
    if (this.#faults > 0) {
      this.#faults -= 1;
      throw failedWrite(this.description, 'simulated fault');
    }
    this.#duty.record(atMs, durationMs);
    this.pulses.push({ atMs, durationMs });
    this.#cancelEnd = this.#clock.after(durationMs, () => this.#set('released'));
    this.#set('energised');
  }

  async release(): Promise<void> {
    this.#cancelEnd?.();
    this.#set('released');
  }

  async state(): Promise<RelayState> {
    return this.#state;
  }

  onChange(listener: (state: RelayState) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    await this.release();
    this.#isOpen = false;
  }

  #set(state: RelayState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
