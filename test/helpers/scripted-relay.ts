import { DeviceError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Relay, RelayState } from '../../src/domain/ports/relay.ts';

/** How a call behaves until told otherwise. */
export type Behaviour = 'works' | 'throws' | 'rejects' | 'hangs';

/** A relay on the fake clock that does as it is told, wrongly too, and remembers what it did. */
export class ScriptedRelay implements Relay {
  readonly description = 'scripted relay';
  readonly maxPulseMs = 10_000;
  readonly calls: string[] = [];
  pulseBehaviour: Behaviour = 'works';
  releaseBehaviour: Behaviour = 'works';
  stateBehaviour: Behaviour = 'works';
  closeBehaviour: Behaviour = 'works';
  /** A welded contact: energised whatever is done. */
  isWelded = false;
  /** A relay that cannot be read back. */
  isBlind = false;
  #isEnergised = false;
  #pulses = 0;
  #release: (() => void) | undefined;
  readonly #clock: Clock;
  readonly #listeners: ((state: RelayState) => void)[] = [];
  readonly #hanging: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What the strike feels. */
  get isEnergised(): boolean {
    return this.#isEnergised || this.isWelded;
  }

  /** Pulses that moved the strike. */
  get pulses(): number {
    return this.#pulses;
  }

  pulse(durationMs: number): Promise<void> {
    return this.#perform('pulse', this.pulseBehaviour, () => this.#energise(durationMs));
  }

  release(): Promise<void> {
    return this.#perform('release', this.releaseBehaviour, () => this.#deenergise());
  }

  async state(): Promise<RelayState> {
    await this.#perform('state', this.stateBehaviour, () => {});
    if (this.isBlind) return 'unknown';
    return this.isEnergised ? 'energised' : 'released';
  }

  onChange(listener: (state: RelayState) => void): void {
    this.#listeners.push(listener);
  }

  close(): Promise<void> {
    return this.#perform('close', this.closeBehaviour, () => this.#deenergise());
  }

  /** Says so to the listeners, true or not. */
  report(state: RelayState): void {
    for (const listener of this.#listeners) listener(state);
  }

  /** Lets every hanging call go through at last. */
  wake(): void {
    for (const resume of this.#hanging.splice(0)) resume();
  }

  #energise(durationMs: number): void {
    this.#isEnergised = true;
    this.#pulses += 1;
    this.report('energised');
    this.#release = this.#clock.after(durationMs, () => this.#deenergise());
  }

  #deenergise(): void {
    this.#release?.();
    if (!this.#isEnergised) return;
    this.#isEnergised = false;
    this.report('released');
  }

  #perform(call: string, behaviour: Behaviour, act: () => void): Promise<void> {
    this.calls.push(call);
    const fault = new DeviceError('PORTICO_RELAY_WRITE', {
      message: `scripted failure of ${call}`,
      remedy: 'none',
      device: 'scripted',
      transient: true,
    });
    if (behaviour === 'throws') throw fault;
    if (behaviour === 'rejects') return Promise.reject(fault);
    if (behaviour === 'works') {
      act();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#hanging.push(() => {
        act();
        resolve();
      });
    });
  }
}
