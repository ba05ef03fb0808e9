const CONTINUES = 0x80;
const LENGTH_BYTES_MAX = 4;

/**
 * Follows the fixed headers of a stream of MQTT packets and tells when one announces more bytes than
 * allowed: a parser would go on collecting them in memory.
 */
export class PacketSizeGuard {
  readonly #limitBytes: number;
  /** Bytes of the present packet that are still to come. */
  #remaining = 0;
  #length = 0;
  #lengthBytes = -1;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** @returns false from the first packet on that is too long, or whose length is not one */
  accepts(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#remaining > 0) {
        const taken = Math.min(this.#remaining, chunk.length - at);
        this.#remaining -= taken;
        at += taken;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      if (!this.#header(byte)) return false;
    }
    return true;
  }

  #header(byte: number): boolean {
    if (this.#lengthBytes < 0) {
      // The byte of type and flags.
      this.#lengthBytes = 0;
      this.#length = 0;
      return true;
    }
    this.#length += (byte & ~CONTINUES) * 2 ** (7 * this.#lengthBytes);
    this.#lengthBytes += 1;
    if ((byte & CONTINUES) !== 0) return this.#lengthBytes < LENGTH_BYTES_MAX;
    if (this.#length > this.#limitBytes) return false;
    this.#remaining = this.#length;
    this.#lengthBytes = -1;
    return true;
  }
}
