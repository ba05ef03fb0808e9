/** Something that must not be found in a file. */
export interface Secret {
  /** What it is, for the report; not the secret itself. */
  readonly what: string;
  readonly bytes: Uint8Array;
}

export interface SecretsFound {
  readonly bytesScanned: number;
  /** Byte sequences that were looked for, all forms counted. */
  readonly patterns: number;
  /** Of which secrets something was found, each once. */
  readonly found: readonly string[];
}

/** Shorter sequences occur by chance in what is base64 already. */
const PATTERN_BYTES_MIN = 10;
/** A long secret is looked for by pieces, so that a part of it is found too. */
const PIECE_BYTES = 24;
const PIECE_EVERY_BYTES = 256;
const PREFIX_BYTES = 4;
const BITMAP_BITS = 2 ** 22;

/**
 * Looks for every secret in every form in which a program might write it down: as it is, in hexadecimal,
 * in base64 of either alphabet at any of the three alignments, and, for a text, in UTF-16. One pass,
 * whatever their number.
 */
export function scanForSecrets(data: Uint8Array, secrets: readonly Secret[]): SecretsFound {
  const index = new PatternIndex();
  for (const { what, bytes } of secrets) {
    for (let at = 0; at < bytes.length; at += PIECE_EVERY_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      for (const form of formsOf(piece)) index.add(what, form);
    }
  }
  return { bytesScanned: data.length, patterns: index.size, found: index.search(data) };
}

function formsOf(piece: Uint8Array): readonly Buffer[] {
  const plain = Buffer.from(piece);
  const forms = [
    plain,
    Buffer.from(plain.toString('hex')),
    Buffer.from(plain.toString('latin1'), 'utf16le'),
  ];
  for (let skipped = 0; skipped < 3; skipped += 1) {
    const rest = plain.subarray(skipped);
    // The last characters would depend on what follows.
    const whole = rest.subarray(0, rest.length - (rest.length % 3));
    for (const alphabet of ['base64', 'base64url'] as const) {
      forms.push(Buffer.from(whole.toString(alphabet)));
    }
  }
  return forms.filter(({ length }) => length >= PATTERN_BYTES_MIN);
}

/** Many patterns, sought at once: a bitmap of their beginnings turns nearly every place away. */
class PatternIndex {
  readonly #bitmap = new Uint8Array(BITMAP_BITS / 8);
  readonly #byPrefix = new Map<number, { readonly what: string; readonly bytes: Buffer }[]>();
  size = 0;

  add(what: string, bytes: Buffer): void {
    const prefix = bytes.readUInt32LE(0);
    const known = this.#byPrefix.get(prefix) ?? [];
    if (known.some((pattern) => pattern.bytes.equals(bytes))) return;
    this.#byPrefix.set(prefix, [...known, { what, bytes }]);
    const bit = slotOf(prefix);
    this.#bitmap[bit >>> 3] = (this.#bitmap[bit >>> 3] ?? 0) | (1 << (bit & 7));
    this.size += 1;
  }

  search(data: Uint8Array): readonly string[] {
    const found = new Set<string>();
    const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    for (let at = 0; at + PREFIX_BYTES <= buffer.length; at += 1) {
      const prefix = buffer.readUInt32LE(at);
      const bit = slotOf(prefix);
      if (((this.#bitmap[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) continue;
      for (const { what, bytes } of this.#byPrefix.get(prefix) ?? []) {
        if (buffer.subarray(at, at + bytes.length).equals(bytes)) found.add(what);
      }
    }
    return [...found];
  }
}

/** Multiplicative hashing. */
const slotOf = (prefix: number): number => (Math.imul(prefix, 0x9e3779b1) >>> 0) % BITMAP_BITS;
