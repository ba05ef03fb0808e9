import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { Relay, RelayState } from '../../src/domain/ports/relay.ts';
import { DutyGuard } from './duty-guard.ts';
import { ModbusBus } from './modbus-bus.ts';
import { coilOff, FLASH_UNIT_MS, flashOn, MAX_FLASH_UNITS, readCoil } from './modbus-frames.ts';
import { failedWrite, pulseObjection, refusedPulse, unavailableRelay } from './relay-faults.ts';
import type { RelaySpec } from './relay-spec.ts';
import { SerialLine } from './serial-line.ts';

export interface ModbusRelayOptions {
  readonly spec: Extract<RelaySpec, { kind: 'modbus' }>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxPulseMs: number;
}

const REPLY_TIMEOUT_MS = 300;
const READ_TRIES = 3;
/** How long after its time a board may still read as energised before that is a fault. */
const END_GRACE_MS = 300;
const REOPEN_MS = 1_000;

/**
 * A Modbus RTU relay board with a flash timer of its own: the board ends the pulse, whatever
 * happens to this process or to the cable.
 */
export class ModbusRelay implements Relay {
  readonly description: string;
  readonly maxPulseMs: number;
  readonly #options: ModbusRelayOptions;
  readonly #duty: DutyGuard;
  readonly #listeners: ((state: RelayState) => void)[] = [];
  #line: SerialLine | undefined;
  #bus: ModbusBus | undefined;
  #state: RelayState = 'unknown';
  #isPulsing = false;
  #isClosed = false;
  #cancel: Cancel = () => {};

  private constructor(options: ModbusRelayOptions) {
    const { path, unit, channel } = options.spec;
    this.#options = options;
    this.description = `Modbus relay ${path} unit ${unit} channel ${channel}`;
    this.maxPulseMs = options.maxPulseMs;
    this.#duty = new DutyGuard(options.maxPulseMs);
  }

  /** Opens the port and releases the channel. @throws PORTICO_RELAY_UNAVAILABLE, PORTICO_RELAY_WRITE */
  static async open(options: ModbusRelayOptions): Promise<ModbusRelay> {
    const relay = new ModbusRelay(options);
    try {
      await relay.#connect();
    } catch (error) {
      relay.#isClosed = true;
      relay.#disconnect();
      throw error;
    }
    return relay;
  }

  async pulse(durationMs: number): Promise<void> {
    const objection = this.#objection(durationMs);
    if (objection !== undefined) throw refusedPulse(this.description, objection);
    this.#requireBus();
    this.#isPulsing = true;
    const { clock } = this.#options;
    const units = Math.ceil(durationMs / FLASH_UNIT_MS);
    const askedMs = clock.now();
    this.#duty.record(askedMs, units * FLASH_UNIT_MS);
    try {
      const { unit, channel } = this.#options.spec;
      await this.#requireBus().ask(flashOn(unit, channel, units));
      const state = await this.#read();
      const leftMs = askedMs + units * FLASH_UNIT_MS - clock.now();
      // A short pulse on a slow line may be over before it can be read; the echo then has to do.
      if (state !== 'energised' && leftMs > 0) {
        throw failedWrite(this.description, 'the coil reads as released');
      }
      this.#set('energised');
      this.#cancel = clock.after(Math.max(0, leftMs), () => void this.#watchEnd());
    } catch (error) {
      this.#isPulsing = false;
      this.#set('unknown');
      await this.release().catch(() => {}); // the first fault is the one to report
      throw error;
    }
  }

  async release(): Promise<void> {
    this.#cancel();
    const { unit, channel } = this.#options.spec;
    await this.#requireBus().ask(coilOff(unit, channel));
    const state = await this.#read();
    this.#set(state);
    if (state !== 'released') throw failedWrite(this.description, 'the coil stays energised');
    this.#isPulsing = false;
  }

  /** Reads the coil back; 'unknown' when the board does not answer. */
  async state(): Promise<RelayState> {
    const state = await this.#read().catch(() => 'unknown' as const);
    this.#set(state);
    return state;
  }

  onChange(listener: (state: RelayState) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancel();
    try {
      if (this.#bus !== undefined) await this.release();
    } finally {
      this.#disconnect();
    }
  }

  #objection(durationMs: number): string | undefined {
    const roundedMs = Math.ceil(durationMs / FLASH_UNIT_MS) * FLASH_UNIT_MS;
    const objection =
      pulseObjection(durationMs, this.maxPulseMs) ??
      // The board counts in steps: the pulse is what it will really be, and that must be allowed.
      pulseObjection(roundedMs, Math.min(this.maxPulseMs, MAX_FLASH_UNITS * FLASH_UNIT_MS));
    if (objection !== undefined) return objection;
    if (this.#isPulsing) return 'a pulse still lasts';
    const duty = this.#duty.check(this.#options.clock.now(), roundedMs);
    return duty.kind === 'exceeded' ? duty.detail : undefined;
  }

  async #connect(): Promise<void> {
    const line = await SerialLine.open(this.#options.spec.path, this.#options.spec.baud);
    line.onLost((detail) => this.#lost(detail));
    this.#line = line;
    this.#bus = new ModbusBus(line, this.#options.clock, REPLY_TIMEOUT_MS);
    await this.release();
  }

  #lost(detail: string): void {
    this.#options.logger.error(
      { event: 'relay.lost', device: this.description, detail },
      'the serial port of the relay is gone',
    );
    this.#disconnect();
    this.#set('unknown');
    this.#reconnectLater();
  }

  #reconnectLater(): void {
    if (this.#isClosed) return;
    this.#cancel();
    this.#cancel = this.#options.clock.after(REOPEN_MS, () => {
      if (this.#isClosed) return;
      this.#connect().catch(() => {
        this.#disconnect();
        this.#reconnectLater();
      });
    });
  }

  #disconnect(): void {
    this.#line?.close();
    this.#line = undefined;
    this.#bus = undefined;
  }

  /** The board ends its pulse alone; we look, and switch off by hand if it has not. */
  async #watchEnd(): Promise<void> {
    const { clock, logger } = this.#options;
    const untilMs = clock.now() + END_GRACE_MS;
    let state: RelayState = 'unknown';
    do {
      await clock.sleep(FLASH_UNIT_MS / 4);
      state = await this.#read().catch(() => 'unknown' as const);
      if (this.#isClosed || !this.#isPulsing) return;
    } while (state !== 'released' && clock.now() < untilMs);
    if (state === 'released') this.#isPulsing = false;
    this.#set(state);
    if (state === 'released') return;
    logger.error(
      { event: 'relay.not-released', device: this.description, state },
      'the relay did not end its pulse; switching it off',
    );
    await this.release().catch(() => this.#watchEndLater());
  }

  #watchEndLater(): void {
    if (this.#isClosed || this.#bus === undefined) return;
    this.#cancel = this.#options.clock.after(REOPEN_MS, () => void this.#watchEnd());
  }

  async #read(): Promise<RelayState> {
    const { unit, channel } = this.#options.spec;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const reply = await this.#requireBus().ask(readCoil(unit, channel));
        if (reply.kind !== 'coils') throw failedWrite(this.description, 'no coil in the reply');
        return (reply.bits & 1) === 1 ? 'energised' : 'released';
      } catch (error) {
        if (attempt >= READ_TRIES) throw error;
      }
    }
  }

  #requireBus(): ModbusBus {
    if (this.#bus !== undefined) return this.#bus;
    throw unavailableRelay(this.description, 'not connected', {
      remedy: 'Plug the serial adapter in; Portico reconnects by itself.',
      transient: true,
    });
  }

  #set(state: RelayState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
