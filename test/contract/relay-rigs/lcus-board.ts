import { PseudoSerial } from './pseudo-serial.ts';

export interface LcusCommand {
  /** performance.now() at arrival. */
  readonly atMs: number;
  readonly channel: number;
  readonly level: 0 | 1;
}

/** A USB relay board that obeys four-byte commands and keeps its level for ever. */
export class LcusBoard {
  readonly commands: LcusCommand[] = [];
  #serial: PseudoSerial | undefined;
  #pending: number[] = [];

  async plugIn(): Promise<string> {
    this.#serial = await PseudoSerial.open((bytes) => this.#receive(bytes));
    return this.#serial.path;
  }

  async unplug(): Promise<void> {
    await this.#serial?.unplug();
  }

  isOn(channel: number): boolean {
    return this.commands.findLast((command) => command.channel === channel)?.level === 1;
  }

  #receive(bytes: Uint8Array): void {
    this.#pending.push(...bytes);
    while (this.#pending.length >= 4) {
      const [start, channel, level, sum] = this.#pending.splice(0, 4);
      if (start !== 0xa0 || sum !== (0xa0 + channel! + level!) % 256) continue;
      this.commands.push({
        atMs: performance.now(),
        channel: channel!,
        level: level === 1 ? 1 : 0,
      });
    }
  }
}
