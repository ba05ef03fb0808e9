import { failedWrite } from '../relay-faults.ts';
import type { RelaySpec } from '../relay-spec.ts';
import { SerialLine } from '../serial-line.ts';
import type { HeldOutput } from './held-output.ts';

/** First byte of every command; the last is the sum of the three before it. */
const START = 0xa0;

/** `A0 <channel> <0 or 1> <checksum>`. */
export function lcusFrame(channel: number, level: 0 | 1): Uint8Array {
  return Uint8Array.of(START, channel, level, (START + channel + level) & 0xff);
}

/**
 * A USB relay board of the LCUS family (CH340): two commands, no answer, no timer. That a pulse was
 * given is known only in so far as the serial port took the bytes.
 */
export class LcusOutput implements HeldOutput {
  readonly confirmsLevel = false;
  readonly endsPulseItself = false;
  readonly #spec: Extract<RelaySpec, { kind: 'lcus' }>;
  #line: SerialLine | undefined;
  #onLost: (detail: string) => void = () => {};

  constructor(spec: Extract<RelaySpec, { kind: 'lcus' }>) {
    this.#spec = spec;
  }

  async open(): Promise<void> {
    this.#line?.close();
    this.#line = await SerialLine.open(this.#spec.path, this.#spec.baud);
    this.#line.onLost((detail) => this.#onLost(`the serial port is gone: ${detail}`));
    await this.off();
  }

  async on(): Promise<void> {
    this.#write(1);
  }

  async off(): Promise<void> {
    this.#write(0);
  }

  async close(): Promise<void> {
    this.#line?.close();
  }

  onLost(listener: (detail: string) => void): void {
    this.#onLost = listener;
  }

  onEnded(): void {} // the board ends nothing by itself

  #write(level: 0 | 1): void {
    if (this.#line === undefined) throw failedWrite(this.#spec.path, 'the port is not open');
    this.#line.write(lcusFrame(this.#spec.channel, level));
  }
}
