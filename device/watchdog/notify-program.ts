import { spawn } from 'node:child_process';
import type { NotifyTransport } from './notify-transport.ts';

/** A supervisor that does not take a message within this time does not get it. */
const ENDS_WITHIN_MS = 5_000;

/** One `systemd-notify` per message, one after the other: where there is no python3. */
export class NotifyProgram implements NotifyTransport {
  readonly description = 'systemd-notify';
  readonly #socket: string;
  readonly #onFailure: (detail: string) => void;
  #last: Promise<void> = Promise.resolve();
  #waiting: (readonly string[])[] = [];

  constructor(options: { readonly socket: string; readonly onFailure: (detail: string) => void }) {
    this.#socket = options.socket;
    this.#onFailure = options.onFailure;
  }

  send(assignments: readonly string[]): void {
    // While one is on its way, an older message that says the same kind of thing is out of date.
    const kind = kindOf(assignments);
    this.#waiting = [...this.#waiting.filter((other) => kindOf(other) !== kind), assignments];
    this.#last = this.#last.then(() => this.#sendNext());
  }

  close(): Promise<void> {
    return this.#last;
  }

  #sendNext(): Promise<void> {
    const assignments = this.#waiting.shift();
    if (assignments === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const child = spawn('systemd-notify', assignments, {
        stdio: 'ignore',
        timeout: ENDS_WITHIN_MS,
        env: { PATH: '/usr/bin:/bin', NOTIFY_SOCKET: this.#socket },
      });
      child.once('error', ({ message }) => {
        this.#onFailure(message);
        resolve();
      });
      child.once('exit', (code, signal) => {
        if (code !== 0) this.#onFailure(`systemd-notify ended with ${String(signal ?? code)}`);
        resolve();
      });
    });
  }
}

const kindOf = (assignments: readonly string[]): string =>
  assignments.map((assignment) => assignment.split('=', 1)[0]).join(' ');
