import { z } from 'zod';
import type { Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { IncomingMessage } from '../messaging/broker/broker-link.ts';
import type { CodeGuard } from './code-guard.ts';
import type { HomeDoor, HomeGate } from './home-gate.ts';

/** Why a command had no effect. The gate's events name the last five; the first ones anybody could cause. */
export type CommandRefusal =
  | 'retained'
  | 'malformed'
  | 'not-in-time'
  | 'repeated'
  | 'not-allowed'
  | 'no-code'
  | 'wrong-code'
  | 'too-many-wrong-codes';

export interface DoorCommandsParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gate: HomeGate;
  readonly door: () => HomeDoor | undefined;
  /** Absent: the operator gave this path no key, so it neither opens nor lifts. */
  readonly guard: CodeGuard | undefined;
  readonly onRefused: (because: CommandRefusal, about: string) => void;
}

/** The name of this way in, in events. */
export const HOME_ASSISTANT = 'home-assistant';
/** Home Assistant's clock and the gate's may differ by as much. */
const IN_TIME_MS = 15_000;
const PAYLOAD_MAX_BYTES = 1_024;

const rest = { code: z.string().max(128).nullable(), at: z.number() };
const doorCommand = z.strictObject({ value: z.enum(['LOCK', 'UNLOCK']), ...rest });
const lockDownCommand = z.strictObject({ action: z.enum(['ARM_AWAY', 'DISARM']), ...rest });

interface Proof {
  readonly code: string | null;
  /** When Home Assistant sent it, seconds since 1970. */
  readonly at: number;
}

/**
 * The commands that concern the door. Shutting is always obeyed; opening and lifting only with the code, in
 * time, once, and not from the broker's memory.
 */
export class DoorCommands {
  readonly #parts: DoorCommandsParts;
  /** Moment of the newest command that was let through: neither it nor an older one counts again. */
  #newestAt = Number.NEGATIVE_INFINITY;

  constructor(parts: DoorCommandsParts) {
    this.#parts = parts;
  }

  async takeDoor(message: IncomingMessage): Promise<void> {
    const command = this.#read(message, doorCommand, 'door');
    if (command === undefined) return;
    if (command.value === 'LOCK') await this.#parts.gate.relock();
    else if (this.#isProven(command, 'open')) await this.#open();
  }

  async takeLockDown(message: IncomingMessage): Promise<void> {
    const command = this.#read(message, lockDownCommand, 'lock-down');
    if (command === undefined) return;
    const { gate, door, logger } = this.#parts;
    if (command.action === 'ARM_AWAY') {
      // Said again it changes nothing, and need not wear the store.
      if (door()?.isLockedDown === true) return;
      logger.warn({ event: 'home.lock-down', by: HOME_ASSISTANT }, 'locked down');
      await gate.lockDown();
    } else if (this.#isProven(command, 'lift')) {
      logger.warn({ event: 'home.lock-down-lifted', by: HOME_ASSISTANT }, 'lock-down lifted');
      gate.liftLockDown();
    }
  }

  async #open(): Promise<void> {
    const { gate, clock } = this.#parts;
    const receivedAtMs = clock.now();
    const opening = await gate.openByOrder({
      kind: 'operator-order',
      by: HOME_ASSISTANT,
      receivedAtMs,
    });
    if (opening.outcome === 'opened') return;
    gate.report({ type: 'order.refused', by: HOME_ASSISTANT, because: opening.because });
  }

  #read<T>(message: IncomingMessage, schema: z.ZodType<T>, about: string): T | undefined {
    const { onRefused } = this.#parts;
    if (message.isRetained) {
      onRefused('retained', about);
      return undefined;
    }
    const { success, data } = schema.safeParse(parse(message.payload));
    if (success) return data;
    onRefused('malformed', about);
    return undefined;
  }

  /** The time first, so that what lay about somewhere costs no guess and tells nothing of its code. */
  #isProven({ code, at }: Proof, about: string): boolean {
    const { guard, clock } = this.#parts;
    if (guard === undefined) return this.#refuse('not-allowed', about);
    if (Math.abs(clock.wall() - at * 1_000) > IN_TIME_MS) return this.#refuse('not-in-time', about);
    if (at <= this.#newestAt) return this.#refuse('repeated', about);
    if (code === null || code === '') return this.#refuse('no-code', about);
    const verdict = guard.check(code);
    if (verdict === 'blocked') return this.#refuse('too-many-wrong-codes', about);
    if (verdict !== 'right') {
      this.#report('wrong-code');
      if (verdict === 'blocked-now') this.#report('too-many-wrong-codes');
      return this.#refuse('wrong-code', about);
    }
    this.#newestAt = at;
    return true;
  }

  #report(because: CommandRefusal): void {
    this.#parts.gate.report({ type: 'order.refused', by: HOME_ASSISTANT, because });
  }

  #refuse(because: CommandRefusal, about: string): false {
    this.#parts.onRefused(because, about);
    return false;
  }
}

function parse(payload: Uint8Array): unknown {
  if (payload.length > PAYLOAD_MAX_BYTES) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return undefined;
  }
}
