import type { Grant } from '../domain/decision.ts';
import { ConfigError } from '../domain/errors.ts';
import type { GateEvent } from '../domain/events.ts';
import type { OperatorOrder } from '../domain/operator-order.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { ContactState, DoorInputs } from '../domain/ports/door-inputs.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { Relay } from '../domain/ports/relay.ts';
import { type MonotonicMs, monotonicMs } from '../domain/units.ts';
import { type DoorPolicy, doorPolicyProblems } from './door-policy.ts';
import type { DoorListener, DoorState, DoorStatus } from './door-status.ts';
import { DutyGuard } from './duty-guard.ts';
import { Passage } from './passage.ts';
import { Strike, type StrikeState } from './strike.ts';

export interface DoorOptions {
  readonly relay: Relay;
  readonly inputs: DoorInputs;
  readonly clock: Clock;
  readonly policy: DoorPolicy;
  readonly listener: DoorListener;
  readonly log: Logger;
  /** As it was when the gate last ran: a restart does not lift a lock-down. */
  readonly isLockedDown: boolean;
}

export type OpenRefusal =
  | 'closed-down'
  | 'locked-down'
  | 'grant-malformed'
  | 'grant-stale'
  | 'order-malformed'
  | 'order-stale'
  | 'already-open'
  | 'too-soon'
  | 'duty-exceeded'
  | 'relay-fault';

export type OpenOutcome =
  | { readonly outcome: 'opened'; readonly energisedAtMs: MonotonicMs }
  | { readonly outcome: 'refused'; readonly because: OpenRefusal };

/**
 * The door: the only way to the relay. It opens for a grant, for an operator's order and, where the
 * policy says so, for the exit button from inside; it does not open while locked down, while a pulse runs, beyond the duty
 * of the strike, or until the relay has confirmed that it fell back from the pulse before. It takes
 * every time from the monotonic clock. Faults of the relay become states and events, never a throw.
 */
export class Door {
  readonly #options: DoorOptions;
  readonly #strike: Strike;
  readonly #passage: Passage;
  readonly #duty: DutyGuard;
  #isLockedDown: boolean;
  #exitMaskedUntilMs = monotonicMs(Number.NEGATIVE_INFINITY);
  #inputFault: string | undefined;
  #told: DoorStatus | undefined;
  #closing: Promise<void> | undefined;

  private constructor(options: DoorOptions) {
    const { relay, clock, policy, isLockedDown } = options;
    this.#options = options;
    this.#isLockedDown = isLockedDown;
    this.#duty = new DutyGuard(policy.duty);
    this.#strike = new Strike({
      relay,
      clock,
      policy,
      listener: {
        onChange: () => this.#tell(),
        onFault: (fault) => this.#emit({ type: 'fault.raised', ...fault }),
        onRecovery: ({ code }) => this.#emit({ type: 'fault.cleared', code }),
        onNotRelocked: (detail) => this.#emit({ type: 'door.not-relocked', detail }),
      },
    });
    this.#passage = new Passage({
      clock,
      heldOpenAfterMs: policy.heldOpenAfterMs,
      emit: (event) => this.#emit(event),
      onChange: () => this.#tell(),
    });
  }

  /**
   * Secures the strike and begins to watch the inputs. A relay or an input that fails does not
   * reject: the door then stands in its fault state and mends itself when they do.
   * @throws ConfigError PORTICO_CONFIG_INVALID if the policy makes no sense for this relay
   */
  static async start(options: DoorOptions): Promise<Door> {
    const problems = doorPolicyProblems(options.policy, options.relay.maxPulseMs);
    if (problems.length > 0) {
      throw new ConfigError('PORTICO_CONFIG_INVALID', {
        message: `the door's policy cannot be followed: ${problems.join('; ')}`,
        remedy: 'Correct these values in the door section of the configuration.',
      });
    }
    const door = new Door(options);
    await door.#strike.start();
    await door.#watchInputs();
    door.#tell();
    return door;
  }

  /** One pulse for one grant; what the grant must be is checked again here. */
  async open(grant: Grant): Promise<OpenOutcome> {
    const because = this.#refusalOf(grant);
    return because === undefined ? await this.#pulse() : { outcome: 'refused', because };
  }

  /** One pulse for one order from afar; it is told as an event with the name of who gave it. */
  async openByOrder(order: OperatorOrder): Promise<OpenOutcome> {
    const because = this.#orderRefusalOf(order);
    if (because !== undefined) return { outcome: 'refused', because };
    const opened = await this.#pulse(order.pulseMs);
    if (opened.outcome === 'opened') this.#emit({ type: 'door.opened-remotely', by: order.by });
    return opened;
  }

  /** Ends a running pulse before its time; resolves when confirmed or in fault. */
  async relock(): Promise<void> {
    if (this.#strike.state !== 'unlocked') return;
    this.#passage.revoke(this.#options.policy.passageGraceMs);
    await this.#strike.secure();
  }

  /** Releases at once and refuses every pulse until lifted; resolves when confirmed or in fault. */
  async lockDown(): Promise<void> {
    if (this.#isLockedDown || this.#closing !== undefined) return;
    this.#isLockedDown = true;
    this.#passage.revoke(this.#options.policy.passageGraceMs);
    this.#emit({ type: 'door.locked-down' });
    this.#tell();
    await this.#strike.secure();
  }

  liftLockDown(): void {
    if (!this.#isLockedDown || this.#closing !== undefined) return;
    this.#isLockedDown = false;
    this.#emit({ type: 'door.lock-down-released' });
    this.#tell();
  }

  status(): DoorStatus {
    return {
      state: this.#state(),
      contact: this.#passage.contact,
      isLockedDown: this.#isLockedDown,
      unlockedUntilMs: this.#strike.unlockedUntilMs,
      fault: this.#strike.fault,
    };
  }

  /** Releases the strike and lets go of the devices; idempotent, never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#passage.dispose();
    await this.#strike.close();
    try {
      await this.#options.inputs.close();
    } catch (error) {
      this.#options.log.warn(
        { event: 'door.inputs-not-closed', error },
        'the inputs did not close',
      );
    }
    this.#tell();
  }

  #refusalOf(grant: Grant): OpenRefusal | undefined {
    if (!isWellFormed(grant)) return 'grant-malformed';
    return this.#isFresh(grant.capturedAtMs) ? undefined : 'grant-stale';
  }

  #orderRefusalOf(order: OperatorOrder): OpenRefusal | undefined {
    if (!isWellFormedOrder(order, this.#options.relay.maxPulseMs)) return 'order-malformed';
    return this.#isFresh(order.receivedAtMs) ? undefined : 'order-stale';
  }

  #isFresh(atMs: MonotonicMs): boolean {
    const ageMs = this.#options.clock.now() - atMs;
    return ageMs >= 0 && ageMs <= this.#options.policy.maxGrantAgeMs;
  }

  /** Everything up to the relay's call happens in one turn, so two callers cannot both pass. */
  async #pulse(pulseMs = this.#options.policy.pulseMs): Promise<OpenOutcome> {
    const { clock, policy } = this.#options;
    const obstacle = this.#obstacle(pulseMs);
    if (obstacle !== undefined) return { outcome: 'refused', because: obstacle };
    const { passageGraceMs } = policy;
    this.#duty.note(clock.now(), pulseMs);
    this.#passage.permitFor(policy.relayDeadlineMs + pulseMs + passageGraceMs);
    const pulse = await this.#strike.pulse(pulseMs);
    if (pulse.outcome === 'energised') {
      this.#passage.revoke(pulseMs + passageGraceMs);
      return { outcome: 'opened', energisedAtMs: pulse.atMs };
    }
    this.#passage.revoke(passageGraceMs);
    const because = this.#isLockedDown ? 'locked-down' : REFUSALS[pulse.state];
    return { outcome: 'refused', because };
  }

  #obstacle(pulseMs: number): OpenRefusal | undefined {
    const { clock } = this.#options;
    if (this.#closing !== undefined) return 'closed-down';
    if (this.#isLockedDown) return 'locked-down';
    if (this.#strike.state !== 'locked') return REFUSALS[this.#strike.state];
    const verdict = this.#duty.verdict(clock.now(), pulseMs);
    return verdict === 'permitted' ? undefined : verdict;
  }

  async #watchInputs(): Promise<void> {
    const { inputs } = this.#options;
    try {
      await inputs.open({
        onContact: (contact) => this.#contactReported(contact),
        onExitButton: () => this.#exitPressed(),
        onFault: (detail) => this.#inputsFailed(detail),
      });
    } catch (error) {
      this.#inputsFailed(error instanceof Error ? error.message : 'the inputs did not open');
    }
  }

  #contactReported(contact: ContactState): void {
    if (this.#closing !== undefined) return;
    this.#inputsSpoke();
    const hasShut = contact === 'closed' && this.#passage.contact === 'open';
    this.#passage.report(contact);
    if (hasShut && this.#options.policy.relockOnClose) void this.relock();
  }

  #exitPressed(): void {
    if (this.#closing !== undefined) return;
    this.#inputsSpoke();
    const { clock, policy } = this.#options;
    const isRepeated = clock.now() < this.#exitMaskedUntilMs;
    this.#exitMaskedUntilMs = monotonicMs(clock.now() + policy.exitMaskMs);
    this.#passage.permitFor(policy.exitMaskMs);
    if (policy.exitButton === 'pulse' && !this.#isLockedDown) void this.#openFromInside();
    else if (!isRepeated) this.#emit({ type: 'door.opened-from-inside' });
  }

  async #openFromInside(): Promise<void> {
    const { outcome } = await this.#pulse();
    // A pulse that failed takes its own permission back; the press still stands.
    this.#passage.permitFor(this.#exitMaskedUntilMs - this.#options.clock.now());
    if (outcome === 'opened') this.#emit({ type: 'door.opened-from-inside' });
  }

  #inputsFailed(detail: string): void {
    this.#passage.report('absent');
    if (this.#inputFault !== undefined) return;
    this.#inputFault = detail;
    this.#emit({ type: 'fault.raised', code: INPUT_FAULT, detail });
  }

  #inputsSpoke(): void {
    if (this.#inputFault === undefined) return;
    this.#inputFault = undefined;
    this.#emit({ type: 'fault.cleared', code: INPUT_FAULT });
  }

  #state(): DoorState {
    const strike = this.#strike.state;
    if (strike === 'closed') return 'closed-down';
    if (strike === 'fault') return 'fault';
    if (this.#passage.alarm === 'forced') return 'forced';
    if (this.#isLockedDown) return 'locked-down';
    if (this.#passage.alarm === 'held-open') return 'held-open';
    return strike === 'locked' && this.#passage.contact === 'open' ? 'open' : strike;
  }

  #tell(): void {
    const status = this.status();
    if (this.#told !== undefined && isSameStatus(status, this.#told)) return;
    this.#told = status;
    this.#guarded(() => this.#options.listener.onStatus(status));
  }

  #emit(event: GateEvent): void {
    this.#guarded(() => this.#options.listener.onEvent(event));
  }

  /** Whoever listens must not keep the door from locking. */
  #guarded(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#options.log.error(
        { event: 'door.listener-failed', error },
        'a listener of the door failed',
      );
    }
  }
}

/** No strike can be passed in less. */
const SHORTEST_ORDER_MS = 100;
const INPUT_FAULT = 'PORTICO_INPUT_UNAVAILABLE';

/** How a pulse that the strike did not take is told; from 'locked' it was overtaken on its way. */
const REFUSALS: Readonly<Record<StrikeState, OpenRefusal>> = {
  locked: 'relay-fault',
  unlocking: 'already-open',
  unlocked: 'already-open',
  relocking: 'already-open',
  fault: 'relay-fault',
  closed: 'closed-down',
};

/** The type says so already; the door does not rest on it. */
const isWellFormed = ({ outcome, identityId, similarity, threshold }: Grant): boolean =>
  outcome === 'grant' &&
  typeof identityId === 'string' &&
  identityId.length > 0 &&
  Number.isFinite(threshold) &&
  Number.isFinite(similarity) &&
  similarity >= threshold;

const isWellFormedOrder = ({ kind, by, pulseMs }: OperatorOrder, maxPulseMs: number): boolean =>
  kind === 'operator-order' &&
  typeof by === 'string' &&
  by.length > 0 &&
  (pulseMs === undefined || (pulseMs >= SHORTEST_ORDER_MS && pulseMs <= maxPulseMs));

const isSameStatus = (left: DoorStatus, right: DoorStatus): boolean =>
  left.state === right.state &&
  left.contact === right.contact &&
  left.isLockedDown === right.isLockedDown &&
  left.unlockedUntilMs === right.unlockedUntilMs &&
  left.fault === right.fault;
