import type { Cancel, Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { Relay, RelayState } from '../../src/domain/ports/relay.ts';
import type { HolderReport } from './holder/holder-messages.ts';
import { HolderProcess } from './holder-process.ts';
import { failedWrite, pulseObjection, refusedPulse, unavailableRelay } from './relay-faults.ts';

export interface HeldRelayOptions {
  readonly description: string;
  /** Compiled entry file of the holder. */
  readonly entry: URL;
  readonly specText: string;
  readonly maxPulseMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Request {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly cancel: Cancel;
}

const OPEN_TIMEOUT_MS = 10_000;
const REPLY_TIMEOUT_MS = 2_000;
const CLOSE_TIMEOUT_MS = 4_000;
/** How much longer than asked for a pulse may last before its holder counts as hung. */
const END_GRACE_MS = 500;
const RESTART_MS = [0, 250, 1_000, 5_000] as const;

/**
 * A relay whose output is held by a child process, so that it is driven off when this process dies.
 * When the child dies, its process group is ended, the state becomes unknown, and another child is
 * started at once, whose first act is to drive the output off.
 */
export class HeldRelay implements Relay {
  readonly description: string;
  readonly maxPulseMs: number;
  readonly #options: HeldRelayOptions;
  readonly #listeners: ((state: RelayState) => void)[] = [];
  readonly #requests = new Map<number, Request>();
  #holder: HolderProcess | undefined;
  #state: RelayState = 'unknown';
  #isReady = false;
  #isClosed = false;
  #lastId = 0;
  #restarts = 0;
  #lastFault = '';
  #cancelRestart: Cancel = () => {};
  #cancelWatch: Cancel = () => {};
  #opening: { resolve: () => void; reject: (error: Error) => void } | undefined;

  private constructor(options: HeldRelayOptions) {
    this.#options = options;
    this.description = options.description;
    this.maxPulseMs = options.maxPulseMs;
  }

  /** Resolves when the holder has driven the output off. @throws PORTICO_RELAY_UNAVAILABLE */
  static async open(options: HeldRelayOptions): Promise<HeldRelay> {
    const relay = new HeldRelay(options);
    const cancel = options.clock.after(OPEN_TIMEOUT_MS, () =>
      relay.#opening?.reject(
        unavailableRelay(options.description, `not ready within ${OPEN_TIMEOUT_MS} ms`, {
          remedy: 'Run portico doctor.',
          transient: true,
        }),
      ),
    );
    try {
      await new Promise<void>((resolve, reject) => {
        relay.#opening = { resolve, reject };
        relay.#start();
      });
      return relay;
    } catch (error) {
      await relay.close();
      throw error;
    } finally {
      relay.#opening = undefined;
      cancel();
    }
  }

  async pulse(durationMs: number): Promise<void> {
    const objection = pulseObjection(durationMs, this.maxPulseMs);
    if (objection !== undefined) throw refusedPulse(this.description, objection);
    await this.#request((id) => ({ kind: 'pulse', id, durationMs }));
    this.#watchEnd(durationMs);
  }

  async release(): Promise<void> {
    await this.#request((id) => ({ kind: 'release', id }));
  }

  async state(): Promise<RelayState> {
    return this.#state;
  }

  onChange(listener: (state: RelayState) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelRestart();
    this.#cancelWatch();
    const holder = this.#holder;
    if (holder === undefined) return;
    const cancel = this.#options.clock.after(CLOSE_TIMEOUT_MS, () => holder.killGroup());
    await holder.dismiss();
    cancel();
  }

  /** Process id of the holder, for tests that kill it. */
  get holderPid(): number | undefined {
    return this.#holder?.pid;
  }

  #start(): void {
    const { entry, specText, maxPulseMs } = this.#options;
    this.#holder = new HolderProcess(entry, [specText, String(maxPulseMs)], {
      onReport: (report) => this.#receive(report),
      onExit: (detail) => this.#exited(detail),
    });
  }

  #receive(report: HolderReport): void {
    switch (report.kind) {
      case 'ready':
        this.#isReady = true;
        this.#restarts = 0;
        this.#lastFault = '';
        break;
      case 'state':
        this.#set(report.state);
        // The holder says what it drives right after it is ready: only then is the output known.
        if (this.#isReady) this.#opening?.resolve();
        break;
      case 'done':
        this.#settle(report.id, (request) => request.resolve());
        break;
      case 'refused':
        this.#settle(report.id, (request) =>
          request.reject(refusedPulse(this.description, report.detail)),
        );
        break;
      case 'failed':
        this.#settle(report.id, (request) =>
          request.reject(failedWrite(this.description, report.detail)),
        );
        break;
      case 'fault':
        this.#fault(report);
    }
  }

  #fault(report: Extract<HolderReport, { kind: 'fault' }>): void {
    // Once a fault, not once a second while the hardware is away.
    if (report.detail !== this.#lastFault) {
      this.#lastFault = report.detail;
      this.#options.logger.error(
        { event: 'relay.fault', device: this.description, detail: report.detail },
        'the relay is not usable; trying again',
      );
    }
    // An operator who starts the gate wants to know now; a gate that runs waits for the hardware.
    this.#opening?.reject(unavailableRelay(this.description, report.detail, report));
  }

  #exited(detail: string): void {
    this.#holder = undefined;
    this.#isReady = false;
    for (const id of [...this.#requests.keys()]) {
      this.#settle(id, (request) =>
        request.reject(failedWrite(this.description, `its holder is gone (${detail})`)),
      );
    }
    if (this.#isClosed) return;
    this.#set('unknown');
    this.#opening?.reject(
      unavailableRelay(this.description, `its holder does not start (${detail})`, {
        remedy: 'Run portico doctor.',
        transient: true,
      }),
    );
    this.#options.logger.error(
      { event: 'relay.holder-lost', device: this.description, detail },
      'the holder of the relay died; starting another, which drives the output off',
    );
    const delayMs = RESTART_MS[Math.min(this.#restarts, RESTART_MS.length - 1)] ?? 0;
    this.#restarts += 1;
    if (delayMs === 0) this.#start();
    else this.#cancelRestart = this.#options.clock.after(delayMs, () => this.#start());
  }

  #request(command: (id: number) => Parameters<HolderProcess['send']>[0]): Promise<void> {
    const holder = this.#holder;
    if (this.#isClosed || holder === undefined || !this.#isReady) {
      return Promise.reject(
        unavailableRelay(this.description, this.#isClosed ? 'closed' : 'not ready', {
          remedy: 'Portico reconnects by itself; see the log for what is missing.',
          transient: !this.#isClosed,
        }),
      );
    }
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const cancel = this.#options.clock.after(REPLY_TIMEOUT_MS, () => {
        this.#settle(id, (request) =>
          request.reject(failedWrite(this.description, 'its holder does not answer')),
        );
        // A holder that hangs may be holding the strike: end it, and let the next drive it off.
        holder.killGroup();
      });
      this.#requests.set(id, { resolve, reject, cancel });
      holder.send(command(id));
    });
  }

  /** A holder that was stopped or hangs does not end its pulse: then the gate ends the holder. */
  #watchEnd(durationMs: number): void {
    if (this.#state !== 'energised') return;
    this.#cancelWatch = this.#options.clock.after(durationMs + END_GRACE_MS, () => {
      this.#options.logger.error(
        { event: 'relay.not-released', device: this.description },
        'the holder did not end its pulse; ending the holder',
      );
      this.#holder?.killGroup();
    });
  }

  #settle(id: number, how: (request: Request) => void): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    request.cancel();
    how(request);
  }

  #set(state: RelayState): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state !== 'energised') this.#cancelWatch();
    for (const listener of this.#listeners) listener(state);
  }
}
