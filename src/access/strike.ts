import { PorticoError } from '../domain/errors.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Relay, RelayState } from '../domain/ports/relay.ts';
import { type MonotonicMs, monotonicMs } from '../domain/units.ts';
import { type Answer, within } from './deadline.ts';
import type { DoorPolicy } from './door-policy.ts';
import type { DoorFault } from './door-status.ts';

/** 'relocking': the pulse is over, the release not confirmed. 'fault': not confirmed in time. */
export type StrikeState = 'locked' | 'unlocking' | 'unlocked' | 'relocking' | 'fault' | 'closed';

export type PulseOutcome =
  | { readonly outcome: 'energised'; readonly atMs: MonotonicMs }
  | { readonly outcome: 'refused'; readonly state: StrikeState };

export interface StrikeListener {
  onChange(): void;
  onFault(fault: DoorFault): void;
  onRecovery(fault: DoorFault): void;
  /** After a pulse or a lock-down the release could not be confirmed in time. */
  onNotRelocked(detail: string): void;
}

export interface StrikeOptions {
  readonly relay: Relay;
  readonly clock: Clock;
  readonly policy: DoorPolicy;
  readonly listener: StrikeListener;
}

/** Calls that a hanging driver may leave unanswered before it is no longer called. */
const MAX_UNANSWERED = 8;

/**
 * Moves the strike and never believes that it fell back until the relay has said so. Only 'locked',
 * a confirmed state, takes a pulse; whatever else happens leads through a release and its
 * confirmation, again and again until it is given.
 */
export class Strike {
  readonly #options: StrikeOptions;
  #state: StrikeState = 'fault';
  /** Rises with every change of state; what was begun under an older number is overtaken. */
  #epoch = 0;
  #cancelTimer: Cancel = () => {};
  #securing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #isPulseUnanswered = false;
  #unanswered = 0;
  #fault: DoorFault | undefined;
  #unlockedUntilMs: MonotonicMs | undefined;

  constructor(options: StrikeOptions) {
    this.#options = options;
  }

  get state(): StrikeState {
    return this.#state;
  }

  get fault(): DoorFault | undefined {
    return this.#fault;
  }

  get unlockedUntilMs(): MonotonicMs | undefined {
    return this.#unlockedUntilMs;
  }

  /** Listens to the relay and makes sure that it is released; a fault is a state, not a rejection. */
  async start(): Promise<void> {
    this.#options.relay.onChange((state) => this.#relayChanged(state));
    await this.secure();
  }

  /** Refused in any state but 'locked'; so of two at once, one moves the strike. */
  async pulse(durationMs: number): Promise<PulseOutcome> {
    if (this.#state !== 'locked') return { outcome: 'refused', state: this.#state };
    const epoch = this.#enter('unlocking');
    const answer = await this.#call(() => this.#pulseRelay(durationMs, epoch));
    if (this.#epoch !== epoch) return { outcome: 'refused', state: this.#state };
    if (answer.outcome !== 'done') {
      this.#fail(faultOf(answer, 'pulse'));
      return { outcome: 'refused', state: this.#state };
    }
    const { clock } = this.#options;
    this.#unlockedUntilMs = monotonicMs(clock.now() + durationMs);
    this.#enter('unlocked');
    this.#cancelTimer = clock.after(durationMs, () => void this.secure());
    return { outcome: 'energised', atMs: clock.now() };
  }

  /** Releases and waits for the confirmation, or for the deadline after which it is a fault. */
  secure(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    this.#securing ??= this.#release().finally(() => {
      this.#securing = undefined;
    });
    return this.#securing;
  }

  /** Releases for good. Idempotent; never rejects, since a relay that fails here is reported. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#enter('closed');
    const answer = await this.#call(() => this.#options.relay.close());
    if (answer.outcome !== 'done') this.#raise(faultOf(answer, 'close'));
  }

  async #pulseRelay(durationMs: number, epoch: number): Promise<void> {
    this.#isPulseUnanswered = true;
    try {
      await this.#options.relay.pulse(durationMs);
    } finally {
      this.#isPulseUnanswered = false;
      // Too late: nobody waits for this pulse any more, so the strike must not stay energised.
      if (this.#epoch !== epoch) void this.#call(() => this.#options.relay.release());
    }
  }

  async #release(): Promise<void> {
    const { clock, policy } = this.#options;
    const wasFault = this.#fault !== undefined;
    const epoch = this.#enter(wasFault ? 'fault' : 'relocking');
    const deadlineMs = clock.now() + policy.relockWithinMs;
    while (this.#epoch === epoch) {
      const obstacle = await this.#obstacle();
      if (this.#epoch !== epoch) return;
      if (obstacle === undefined) {
        this.#recover();
        return;
      }
      if (clock.now() >= deadlineMs) {
        this.#fail({ code: 'PORTICO_DOOR_NOT_RELOCKED', detail: obstacle });
        if (!wasFault) this.#options.listener.onNotRelocked(obstacle);
        return;
      }
      await clock.sleep(policy.pollMs);
    }
  }

  /** What stands against calling the strike released; undefined when that is confirmed. */
  async #obstacle(): Promise<string | undefined> {
    const { relay } = this.#options;
    const reading = await this.#call(() => relay.state());
    if (reading.outcome === 'done' && reading.value === 'released') return this.#pulseObstacle();
    const release = await this.#call(() => relay.release());
    if (release.outcome !== 'done') return faultOf(release, 'release').detail;
    const again = await this.#call(() => relay.state());
    if (again.outcome !== 'done') return faultOf(again, 'state').detail;
    // By the port's contract a resolved release is confirmed; so a relay that cannot be read back
    // may say 'unknown', but never 'energised'.
    return again.value === 'energised' ? 'the output is still energised' : this.#pulseObstacle();
  }

  #pulseObstacle(): string | undefined {
    return this.#isPulseUnanswered ? 'the relay has not answered the last pulse' : undefined;
  }

  #relayChanged(state: RelayState): void {
    if (this.#state === 'locked' && state === 'energised') {
      const detail = 'the output was energised without a grant';
      this.#fail({ code: 'PORTICO_RELAY_UNEXPECTED', detail });
    } else if (this.#state === 'locked' && state === 'unknown') {
      void this.secure();
    } else if (this.#state === 'unlocked' && state !== 'energised') {
      void this.secure();
    }
  }

  #fail(fault: DoorFault): void {
    this.#enter('fault');
    void this.#call(() => this.#options.relay.release());
    this.#raise(fault);
    const { clock, policy } = this.#options;
    this.#cancelTimer = clock.after(policy.recoverEveryMs, () => void this.secure());
  }

  #raise(fault: DoorFault): void {
    const before = this.#fault;
    if (before?.code === fault.code) return;
    this.#fault = fault;
    if (before !== undefined) this.#options.listener.onRecovery(before);
    this.#options.listener.onFault(fault);
    this.#options.listener.onChange();
  }

  #recover(): void {
    const fault = this.#fault;
    this.#fault = undefined;
    this.#enter('locked');
    if (fault !== undefined) this.#options.listener.onRecovery(fault);
  }

  #enter(state: StrikeState): number {
    this.#cancelTimer();
    if (this.#state !== 'closed') this.#state = state;
    if (state !== 'unlocked') this.#unlockedUntilMs = undefined;
    this.#epoch += 1;
    const epoch = this.#epoch;
    this.#options.listener.onChange();
    return epoch;
  }

  /** One call of the driver, bounded in time and in number. */
  async #call<Value>(task: () => Promise<Value>): Promise<Answer<Value>> {
    if (this.#unanswered >= MAX_UNANSWERED) return { outcome: 'late' };
    const { clock, policy } = this.#options;
    this.#unanswered += 1;
    return await within(clock, policy.relayDeadlineMs, async () => {
      try {
        return await task();
      } finally {
        this.#unanswered -= 1;
      }
    });
  }
}

function faultOf(answer: Exclude<Answer<unknown>, { outcome: 'done' }>, call: string): DoorFault {
  if (answer.outcome === 'late') {
    return { code: 'PORTICO_RELAY_WRITE', detail: `the relay did not answer '${call}' in time` };
  }
  const { error } = answer;
  return {
    code: error instanceof PorticoError ? error.code : 'PORTICO_RELAY_WRITE',
    detail: error instanceof Error ? error.message : `the relay failed on '${call}'`,
  };
}
