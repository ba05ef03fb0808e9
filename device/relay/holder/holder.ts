import { PorticoError } from '../../../src/domain/errors.ts';
import type { Cancel, Clock } from '../../../src/domain/ports/clock.ts';
import type { RelayState } from '../../../src/domain/ports/relay.ts';
import { DutyGuard } from '../duty-guard.ts';
import { pulseObjection } from '../relay-faults.ts';
import type { HeldOutput } from './held-output.ts';
import { type HolderCommand, type HolderReport, parseCommand } from './holder-messages.ts';

export interface HolderOptions {
  readonly output: HeldOutput;
  readonly clock: Clock;
  readonly maxPulseMs: number;
  readonly report: (report: HolderReport) => void;
}

/** How much later than the hardware, where that ends a pulse itself, our own timer cuts it. */
const OWN_TIMER_LAG_MS = 50;
const RETRY_MS = [20, 50, 100, 250, 500, 1_000] as const;

type Phase = 'away' | 'off' | 'on' | 'stopped';

/**
 * The rules of a process that holds one output for the gate's life: off first, off last, off
 * whenever in doubt; its own timer, its own limits. It trusts nothing that the gate tells it.
 */
export class Holder {
  readonly #options: HolderOptions;
  readonly #duty: DutyGuard;
  #phase: Phase = 'away';
  #state: RelayState | undefined;
  #cancelTimer: Cancel = () => {};
  #attempt = 0;
  #isRecovering = false;
  #opening: Promise<void> = Promise.resolve();
  /** The end of a pulse that is under way. */
  #ending: Promise<void> | undefined;

  constructor(options: HolderOptions) {
    this.#options = options;
    this.#duty = new DutyGuard(options.maxPulseMs);
    options.output.onLost((detail) => this.#lost(detail));
    options.output.onEnded(() => void this.#endPulse());
  }

  /** Drives the output off and keeps trying until that succeeds. */
  async start(): Promise<void> {
    await this.#recover();
  }

  /** One line from the gate. */
  async receive(line: string): Promise<void> {
    const command = parseCommand(line);
    if (command === undefined) {
      this.#fault(new Error('a line from the gate is not a command'));
      return;
    }
    if (command.kind === 'pulse') await this.#pulse(command);
    else await this.#release(command.id);
  }

  /** Off, whatever else is going on; then lets go of the hardware. */
  async shutDown(): Promise<void> {
    if (this.#phase === 'stopped') return;
    this.#phase = 'stopped';
    this.#cancelTimer();
    await this.#opening; // what a predecessor left energised must still be found and driven off
    try {
      await this.#options.output.off();
    } catch {
      await this.#options.output.off(); // once more: nobody is left to try later
    } finally {
      await this.#options.output.close();
    }
  }

  async #pulse({ id, durationMs }: Extract<HolderCommand, { kind: 'pulse' }>): Promise<void> {
    const { clock, output, report } = this.#options;
    if (this.#phase === 'away' || this.#phase === 'stopped') {
      report({ kind: 'failed', id, detail: 'the output is not available' });
      return;
    }
    const objection = this.#objection(durationMs);
    if (objection !== undefined) {
      report({ kind: 'refused', id, detail: objection });
      return;
    }
    this.#phase = 'on';
    this.#ending = undefined; // what was begun before this pulse does not end it
    this.#duty.record(clock.now(), durationMs);
    try {
      await output.on(durationMs);
    } catch (error) {
      await this.#endPulse();
      report({ kind: 'failed', id, detail: detailOf(error) });
      return;
    }
    if (this.#isStill('on')) {
      const lagMs = output.endsPulseItself ? OWN_TIMER_LAG_MS : 0;
      this.#cancelTimer = clock.after(durationMs + lagMs, () => void this.#endPulse());
      this.#say('energised');
      report({ kind: 'done', id });
    } else {
      report({ kind: 'failed', id, detail: 'the pulse was cut off as it began' });
    }
  }

  async #release(id: number): Promise<void> {
    const { report } = this.#options;
    await this.#endPulse();
    if (this.#isStill('off')) report({ kind: 'done', id });
    else report({ kind: 'failed', id, detail: 'the output could not be driven off; trying on' });
  }

  #objection(durationMs: number): string | undefined {
    if (this.#phase === 'on') return 'a pulse still lasts';
    const objection = pulseObjection(durationMs, this.#options.maxPulseMs);
    if (objection !== undefined) return objection;
    const duty = this.#duty.check(this.#options.clock.now(), durationMs);
    return duty.kind === 'exceeded' ? duty.detail : undefined;
  }

  /** The gate and the own timer want the same at the same time: a second change would undo the first, as if it had failed. */
  #endPulse(): Promise<void> {
    const ending = this.#ending ?? this.#driveOff();
    this.#ending = ending;
    return ending.finally(() => {
      if (this.#ending === ending) this.#ending = undefined;
    });
  }

  async #driveOff(): Promise<void> {
    if (this.#phase === 'stopped' || this.#phase === 'away') return;
    this.#cancelTimer();
    try {
      await this.#options.output.off();
      if (this.#phase === 'on') this.#phase = 'off';
      if (this.#isStill('off')) this.#sayOff();
    } catch (error) {
      this.#lost(detailOf(error));
    }
  }

  #lost(detail: string): void {
    if (this.#phase === 'stopped') return;
    this.#cancelTimer();
    this.#phase = 'away';
    this.#say('unknown');
    this.#fault(new Error(detail));
    void this.#recover();
  }

  async #recover(): Promise<void> {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    this.#attempt = 0;
    const { clock, output, report } = this.#options;
    while (this.#phase === 'away') {
      try {
        const opened = output.open();
        this.#opening = opened.catch(() => {}); // handled right here
        await opened;
        if (!this.#isStill('away')) break;
        this.#phase = 'off';
        report({ kind: 'ready' });
        this.#sayOff();
      } catch (error) {
        if (this.#isStill('away')) this.#fault(error);
        await clock.sleep(RETRY_MS[this.#attempt] ?? 1_000);
        this.#attempt = Math.min(this.#attempt + 1, RETRY_MS.length - 1);
      }
    }
    this.#isRecovering = false;
  }

  /** The phase after an await, which the compiler believes unchanged. */
  #isStill(phase: Phase): boolean {
    return this.#phase === phase;
  }

  #sayOff(): void {
    this.#say(this.#options.output.confirmsLevel ? 'released' : 'unknown');
  }

  #say(state: RelayState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.report({ kind: 'state', state });
  }

  #fault(error: unknown): void {
    this.#options.report({
      kind: 'fault',
      detail: detailOf(error),
      remedy: error instanceof PorticoError ? error.remedy : 'Check wiring and power of the relay.',
      transient: !(
        error instanceof PorticoError &&
        'transient' in error &&
        error.transient === false
      ),
    });
  }
}

const detailOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
