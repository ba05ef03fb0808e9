import { PseudoSerial } from './pseudo-serial.ts';

export type BoardFault =
  | 'none'
  | 'silent'
  | 'garbage'
  | 'wrong-checksum'
  | 'exception'
  | 'stuck'
  | 'half';

/** A relay board with eight coils and a flash timer of its own, after the boards' data sheets. */
export class ModbusBoard {
  readonly frames: Uint8Array[] = [];
  /** What the next `faultCount` requests meet. */
  fault: BoardFault = 'none';
  faultCount = Number.POSITIVE_INFINITY;
  readonly #coils = new Set<number>();
  readonly #timers = new Map<number, NodeJS.Timeout>();
  #serial: PseudoSerial | undefined;
  #pending: number[] = [];

  async plugIn(): Promise<string> {
    this.#serial = await PseudoSerial.open((bytes) => this.#receive(bytes));
    return this.#serial.path;
  }

  async unplug(): Promise<void> {
    await this.#serial?.unplug();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  isOn(channel: number): boolean {
    return this.#coils.has(channel);
  }

  switchOn(channel: number): void {
    this.#coils.add(channel);
  }

  #receive(bytes: Uint8Array): void {
    this.#pending.push(...bytes);
    while (this.#pending.length >= 8) {
      const frame = Uint8Array.from(this.#pending.splice(0, 8));
      this.frames.push(frame);
      this.#answer(frame);
    }
  }

  #answer(frame: Uint8Array): void {
    const fault = this.faultCount > 0 ? this.fault : 'none';
    if (fault !== 'none') this.faultCount -= 1;
    if (fault === 'silent') return;
    if (fault === 'exception') {
      this.#send([frame[0]!, frame[1]! | 0x80, 2]);
      return;
    }
    const reply = this.#execute(frame, fault === 'stuck');
    if (fault === 'garbage') this.#serial?.send(Uint8Array.of(0x55, 0xaa, 0x55));
    else if (fault === 'half') this.#serial?.send(Uint8Array.from(reply.slice(0, 3)));
    else if (fault === 'wrong-checksum') this.#serial?.send(Uint8Array.from([...reply, 0, 0]));
    else this.#send(reply);
  }

  #execute(frame: Uint8Array, isStuck: boolean): number[] {
    const address = (frame[2]! << 8) | frame[3]!;
    const value = (frame[4]! << 8) | frame[5]!;
    const channel = address & 0xff;
    if (frame[1] === 0x01) return [frame[0]!, 1, 1, this.#coils.has(channel) ? 1 : 0];
    if (address >= 0x0200) this.#flash(channel, value * 100);
    else if (value === 0xff00) this.#coils.add(channel);
    else if (!isStuck) this.#coils.delete(channel);
    return [...frame.slice(0, 6)];
  }

  #flash(channel: number, durationMs: number): void {
    clearTimeout(this.#timers.get(channel));
    this.#coils.add(channel);
    this.#timers.set(
      channel,
      setTimeout(() => this.#coils.delete(channel), durationMs),
    );
  }

  #send(body: number[]): void {
    this.#serial?.send(Uint8Array.from([...body, ...checksum(body)]));
  }
}

/** Bit by bit as the specification's flow chart has it, apart from the product's own code. */
function checksum(body: readonly number[]): [number, number] {
  let register = 0xffff;
  for (const byte of body) {
    register ^= byte;
    for (let shift = 0; shift < 8; shift += 1) {
      const carry = register % 2;
      register = Math.floor(register / 2);
      if (carry === 1) register ^= 0xa001;
    }
  }
  return [register % 256, Math.floor(register / 256)];
}
