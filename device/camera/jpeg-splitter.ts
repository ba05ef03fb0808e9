const START = Buffer.from([0xff, 0xd8]);
const END = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = 0xda;
/** More than any JPEG of a door camera; a stream that never ends a picture is not kept for ever. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Cuts a stream of JPEG pictures, one after the other without a container, into pictures. Headers are
 * walked by their lengths, since a thumbnail in them may hold an end marker of its own.
 */
export class JpegSplitter {
  #pending: Buffer = Buffer.alloc(0);

  /** @returns the pictures that this chunk completed, oldest first */
  push(chunk: Uint8Array): readonly Buffer[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const pictures: Buffer[] = [];
    for (;;) {
      const start = this.#pending.indexOf(START);
      if (start < 0) {
        // The last byte may be the first half of a start marker.
        this.#pending = this.#pending.subarray(Math.max(0, this.#pending.length - 1));
        break;
      }
      this.#pending = this.#pending.subarray(start);
      const end = endOfPicture(this.#pending);
      if (end === undefined) break;
      pictures.push(Buffer.from(this.#pending.subarray(0, end)));
      this.#pending = this.#pending.subarray(end);
    }
    if (this.#pending.length > LIMIT_BYTES) this.#pending = Buffer.alloc(0);
    return pictures;
  }
}

/** @returns the length of the picture at the beginning of the bytes, or undefined while it is incomplete */
function endOfPicture(bytes: Buffer): number | undefined {
  let at = START.length;
  while (at + 4 <= bytes.length) {
    // Not a marker where one must stand: a torn picture; let the decoder refuse it at the next end.
    const isMarker = bytes[at] === 0xff;
    if (!isMarker || bytes[at + 1] === START_OF_SCAN) {
      const end = bytes.indexOf(END, at);
      return end < 0 ? undefined : end + END.length;
    }
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
