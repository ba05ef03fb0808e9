import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { NotifyTransport } from './notify-transport.ts';

/**
 * Node opens no UNIX datagram socket, so a small interpreter does: one JSON array of lines per line of
 * its input becomes one datagram. It ends with its input, so it never outlives the gate.
 */
const PROGRAM = `
import json, socket, sys
address = sys.argv[1]
if address.startswith("@"):
    address = "\\0" + address[1:]
door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
for line in sys.stdin:
    try:
        door.sendto("\\n".join(json.loads(line)).encode(), address)
    except OSError as error:
        print(error, file=sys.stderr, flush=True)
`;

/** Reading nothing of the user's: no site packages, no environment, no current folder. */
const ARGUMENTS = ['-I', '-S', '-c', PROGRAM];
const ENDS_WITHIN_MS = 2_000;

export interface DatagramHelperOptions {
  /** A path, or a name in the abstract namespace when it begins with '@'. */
  readonly socket: string;
  readonly clock: Clock;
  /** The helper is gone though it was not closed; what was sent last may be lost. */
  readonly onEnd: (detail: string) => void;
}

/** Datagrams through one long-lived python3: no fork for a ping. */
export class DatagramHelper implements NotifyTransport {
  readonly description = 'python3';
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  readonly #ended: Promise<void>;
  #isClosing = false;

  constructor({ socket, clock, onEnd }: DatagramHelperOptions) {
    this.#clock = clock;
    this.#child = spawn('python3', [...ARGUMENTS, socket], { stdio: ['pipe', 'ignore', 'pipe'] });
    let lastWords = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = text.trim().slice(-200);
    });
    // A pipe to a helper that has ended: its end is told below.
    this.#child.stdin?.on('error', () => undefined);
    this.#ended = new Promise((resolve) => {
      const end = (detail: string): void => {
        resolve();
        if (!this.#isClosing) onEnd(detail);
        this.#isClosing = true;
      };
      this.#child.once('error', ({ message }) => end(message));
      this.#child.once('exit', (code, signal) =>
        end(
          `python3 ended with ${String(signal ?? code)}${lastWords === '' ? '' : `: ${lastWords}`}`,
        ),
      );
    });
    // The gate ends when it is done, whether or not somebody still listens to it.
    this.#child.unref();
  }

  send(assignments: readonly string[]): void {
    if (!this.#isClosing) this.#child.stdin?.write(`${JSON.stringify(assignments)}\n`);
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#child.stdin?.end();
    const cancel = this.#clock.after(ENDS_WITHIN_MS, () => this.#child.kill('SIGKILL'));
    await this.#ended;
    cancel();
  }
}
