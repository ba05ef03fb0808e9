import type { GateEvent } from '../domain/events.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { ContactState } from '../domain/ports/door-inputs.ts';
import { type MonotonicMs, monotonicMs } from '../domain/units.ts';

export type PassageAlarm = 'none' | 'held-open' | 'forced';

export interface PassageOptions {
  readonly clock: Clock;
  readonly heldOpenAfterMs: number;
  readonly emit: (event: GateEvent) => void;
  /** Called after every change of contact or alarm. */
  readonly onChange: () => void;
}

/** Watches the leaf of the door: opened for a reason, by force, or for too long. */
export class Passage {
  readonly #options: PassageOptions;
  #contact: ContactState = 'absent';
  #alarm: PassageAlarm = 'none';
  #hasReported = false;
  #permittedUntilMs: MonotonicMs;
  #cancelHeldOpen: Cancel = () => {};

  constructor(options: PassageOptions) {
    this.#options = options;
    this.#permittedUntilMs = monotonicMs(Number.NEGATIVE_INFINITY);
  }

  get contact(): ContactState {
    return this.#contact;
  }

  get alarm(): PassageAlarm {
    return this.#alarm;
  }

  get isPermitted(): boolean {
    return this.#options.clock.now() <= this.#permittedUntilMs;
  }

  /** An opening until then has a reason; a shorter permission does not cut a longer one. */
  permitFor(durationMs: number): void {
    const untilMs = monotonicMs(this.#options.clock.now() + durationMs);
    if (untilMs > this.#permittedUntilMs) this.#permittedUntilMs = untilMs;
  }

  /** Takes the permission back; `graceMs` for a hand that is on the door already. */
  revoke(graceMs: number): void {
    const untilMs = monotonicMs(this.#options.clock.now() + graceMs);
    if (untilMs < this.#permittedUntilMs) this.#permittedUntilMs = untilMs;
  }

  /** A door that stands open at the first report was opened before anybody watched: no force. */
  report(contact: ContactState): void {
    const isExplained = !this.#hasReported || this.isPermitted;
    this.#hasReported = true;
    const before = this.#contact;
    if (contact === before) return;
    this.#contact = contact;
    this.#cancelHeldOpen();
    if (contact === 'open') this.#opened(isExplained);
    if (contact === 'closed') this.#closed(before);
    this.#options.onChange();
  }

  /** Stops the timer; the state stays readable. */
  dispose(): void {
    this.#cancelHeldOpen();
  }

  #opened(isExplained: boolean): void {
    const { clock, heldOpenAfterMs, emit } = this.#options;
    if (!isExplained) {
      this.#alarm = 'forced';
      emit({ type: 'door.forced' });
    }
    const openedAtMs = clock.now();
    this.#cancelHeldOpen = clock.after(heldOpenAfterMs, () => {
      if (this.#alarm === 'none') this.#alarm = 'held-open';
      emit({ type: 'door.held-open', openForMs: clock.now() - openedAtMs });
      this.#options.onChange();
    });
  }

  /** From 'absent' too: an alarm ends only when the sensor sees the door shut. */
  #closed(before: ContactState): void {
    const hadAlarm = this.#alarm !== 'none';
    this.#alarm = 'none';
    if (before === 'open' || hadAlarm) this.#options.emit({ type: 'door.closed' });
  }
}
