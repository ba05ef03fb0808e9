import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { Watchdog } from '../../src/domain/ports/watchdog.ts';
import { DatagramHelper } from './datagram-helper.ts';
import { NotifyProgram } from './notify-program.ts';
import type { NotifyTransport } from './notify-transport.ts';

export interface SystemdNotifierOptions {
  readonly socket: string;
  /** WATCHDOG_USEC; undefined: the unit has no watchdog. */
  readonly watchdogUsec: number | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** `program` where the interpreter is not to be used; `helper` falls back to it. */
  readonly way?: 'helper' | 'program';
}

/** Three signs fit into the time after which the supervisor acts, so that one may be late. */
const SIGNS_PER_DEADLINE = 3;
const LONGEST_STATUS = 300;

/** Speaks systemd's notification protocol. Whatever fails here is logged once and changes nothing. */
export class SystemdNotifier implements Watchdog {
  readonly signEveryMs: number | undefined;
  readonly #options: SystemdNotifierOptions;
  #transport: NotifyTransport;
  #isReady = false;
  #status = '';

  constructor(options: SystemdNotifierOptions) {
    const { watchdogUsec } = options;
    this.#options = options;
    this.signEveryMs =
      watchdogUsec === undefined ? undefined : watchdogUsec / 1_000 / SIGNS_PER_DEADLINE;
    this.#transport = options.way === 'program' ? this.#program() : this.#helper();
  }

  get description(): string {
    return `systemd, by ${this.#transport.description}`;
  }

  ready(status: string): void {
    this.#isReady = true;
    this.#status = status;
    this.#transport.send(['READY=1', statusLine(status)]);
  }

  status(text: string): void {
    this.#status = text;
    this.#transport.send([statusLine(text)]);
  }

  ping(): void {
    this.#transport.send(['WATCHDOG=1']);
  }

  extend(byMs: number): void {
    this.#transport.send([`EXTEND_TIMEOUT_USEC=${Math.round(byMs * 1_000)}`]);
  }

  stopping(status: string): void {
    this.#transport.send(['STOPPING=1', statusLine(status)]);
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #helper(): NotifyTransport {
    const { socket, clock } = this.#options;
    return new DatagramHelper({ socket, clock, onEnd: (detail) => this.#fallBack(detail) });
  }

  #program(): NotifyTransport {
    const { socket } = this.#options;
    return new NotifyProgram({ socket, onFailure: (detail) => this.#cannotSay(detail) });
  }

  /** What the helper was told last may have died with it, so the state is told anew. */
  #fallBack(detail: string): void {
    this.#options.logger.warn(
      { event: 'watchdog.helper-lost', detail },
      'the helper that speaks to systemd ended; systemd-notify speaks instead',
    );
    this.#transport = this.#program();
    if (this.#isReady) this.ready(this.#status);
    else if (this.#status !== '') this.status(this.#status);
  }

  #cannotSay(detail: string): void {
    this.#options.logger.error(
      { event: 'watchdog.unheard', detail },
      'systemd did not take a message; it will restart the gate if it takes none',
    );
  }
}

/** One line, whatever the text holds. */
const statusLine = (text: string): string =>
  `STATUS=${text.replaceAll(/\s+/g, ' ').slice(0, LONGEST_STATUS)}`;
