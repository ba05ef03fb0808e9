/** A header for machines to read, and bytes: a picture or nothing. */
export interface Packet {
  readonly header: unknown;
  readonly body: Uint8Array;
}

const PREFIX_BYTES = 8;
const HEADER_LIMIT_BYTES = 4_096;
/** One frame of the largest camera that the configuration allows. */
const BODY_LIMIT_BYTES = 1_920 * 1_080 * 3;
const NOTHING = Buffer.alloc(0);

/**
 * Everything of a packet but its body, which follows as it is and is never copied.
 * Layout: length of the header and of the body (uint32, little-endian), header as UTF-8 JSON, body.
 */
export function encodePacketHead(header: object, bodyBytes = 0): Buffer {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const head = Buffer.allocUnsafe(PREFIX_BYTES + json.length);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(bodyBytes, 4);
  json.copy(head, PREFIX_BYTES);
  return head;
}

/** Cuts a stream of bytes into packets, whatever the pieces in which it arrives. */
export class PacketReader {
  /** The beginning of a head that is not whole yet. */
  #head: Buffer = NOTHING;
  /** The packet whose body is arriving. */
  #open: { readonly header: unknown; readonly body: Uint8Array; filled: number } | undefined;

  /** @returns the packets that are whole now; 'malformed' when the stream is none of ours */
  push(chunk: Buffer): readonly Packet[] | 'malformed' {
    const packets: Packet[] = [];
    let rest = chunk;
    for (;;) {
      if (this.#open === undefined) {
        const known = Buffer.concat([this.#head, rest]);
        const head = readHead(known);
        if (head === 'malformed') return 'malformed';
        this.#head = head === 'partial' ? known : NOTHING;
        if (head === 'partial') return packets;
        this.#open = { header: head.header, body: new Uint8Array(head.bodyBytes), filled: 0 };
        rest = known.subarray(head.bytes);
      }
      const { header, body, filled } = this.#open;
      const part = rest.subarray(0, body.length - filled);
      body.set(part, filled);
      this.#open.filled += part.length;
      rest = rest.subarray(part.length);
      if (this.#open.filled < body.length) return packets;
      this.#open = undefined;
      packets.push({ header, body });
    }
  }
}

function readHead(
  known: Buffer,
):
  | 'partial'
  | 'malformed'
  | { readonly header: unknown; readonly bytes: number; readonly bodyBytes: number } {
  if (known.length < PREFIX_BYTES) return 'partial';
  const headerBytes = known.readUInt32LE(0);
  const bodyBytes = known.readUInt32LE(4);
  if (headerBytes > HEADER_LIMIT_BYTES || bodyBytes > BODY_LIMIT_BYTES) return 'malformed';
  const bytes = PREFIX_BYTES + headerBytes;
  if (known.length < bytes) return 'partial';
  try {
    return { header: JSON.parse(known.toString('utf8', PREFIX_BYTES, bytes)), bytes, bodyBytes };
  } catch {
    return 'malformed';
  }
}
