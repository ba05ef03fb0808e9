import type { Clock } from '../../src/domain/ports/clock.ts';
import { type ModbusReply, parseReply } from './modbus-frames.ts';
import { failedWrite } from './relay-faults.ts';
import type { SerialLine } from './serial-line.ts';

export type ModbusAnswer = Extract<ModbusReply, { kind: 'echo' | 'coils' }>;

const QUIET_MS = 40;

/** One request at a time on the line, each with a deadline; what arrives unasked is thrown away. */
export class ModbusBus {
  readonly #line: SerialLine;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #last: Promise<unknown> = Promise.resolve();
  #receive: (bytes: Uint8Array) => void = () => {};

  constructor(line: SerialLine, clock: Clock, timeoutMs: number) {
    this.#line = line;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    line.onData((bytes) => this.#receive(bytes));
  }

  /** @throws PORTICO_RELAY_WRITE on silence, garbage, a wrong checksum or an exception reply */
  ask(frame: Uint8Array): Promise<ModbusAnswer> {
    const turn = this.#last.then(() => this.#exchange(frame));
    // After a failure, let the rest of a late or broken reply pass before the next request.
    this.#last = turn.catch(() => this.#clock.sleep(QUIET_MS));
    return turn;
  }

  #exchange(frame: Uint8Array): Promise<ModbusAnswer> {
    return new Promise((resolve, reject) => {
      let received = new Uint8Array(0);
      const fail = (detail: string): void => {
        end();
        reject(failedWrite(this.#line.path, detail));
      };
      const cancel = this.#clock.after(this.#timeoutMs, () =>
        fail(
          received.length === 0
            ? `no reply within ${this.#timeoutMs} ms`
            : `only ${received.length} bytes of a reply within ${this.#timeoutMs} ms`,
        ),
      );
      const end = (): void => {
        cancel();
        this.#receive = () => {};
      };
      this.#receive = (bytes) => {
        received = Uint8Array.from([...received, ...bytes]);
        const reply = parseReply(frame, received);
        if (reply.kind === 'garbage') fail(`the relay sent ${reply.detail}`);
        else if (reply.kind === 'exception') fail(`the relay refuses: ${reply.meaning}`);
        else if (reply.kind !== 'incomplete') {
          end();
          resolve(reply);
        }
      };
      try {
        this.#line.write(frame);
      } catch (error) {
        end();
        reject(error);
      }
    });
  }
}
