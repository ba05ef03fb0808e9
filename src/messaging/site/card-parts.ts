import { createHash } from 'node:crypto';

/*
 * A card in one code, or in several that are shown one after the other: each part says of which whole it is, so that
 * they may be seen in any order and more than once. Not protection: what the card holds is proved elsewhere.
 * Layout: magic (2), format (1), digest of the whole (8), index (1), count (1), bytes.
 */

const MAGIC = Buffer.from('PG', 'latin1');
const FORMAT = 1;
const DIGEST_BYTES = 8;
export const PART_HEADER_BYTES = MAGIC.length + 1 + DIGEST_BYTES + 2;
const PARTS_MAX = 32;

/** @param count  1 to 32 */
export function splitCard(whole: Uint8Array, count: number): readonly Uint8Array[] {
  const each = Math.ceil(whole.length / count);
  const digest = digestOf(whole);
  return Array.from({ length: count }, (_, index) =>
    Buffer.concat([
      MAGIC,
      Uint8Array.of(FORMAT),
      digest,
      Uint8Array.of(index, count),
      whole.subarray(index * each, (index + 1) * each),
    ]),
  );
}

export type PartOutcome =
  /** Not of Portico, or of a format that this release does not know. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'taken'; readonly have: number; readonly count: number }
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  /** All parts are there and do not make the whole. */
  | { readonly kind: 'damaged' };

/** Puts the parts together, in whatever order they come. Parts of another card begin anew. */
export class CardParts {
  #digest: Buffer = Buffer.alloc(0);
  #parts = new Map<number, Uint8Array>();

  take(part: Uint8Array): PartOutcome {
    const bytes = Buffer.from(part);
    const isOurs = bytes.length >= PART_HEADER_BYTES && bytes.subarray(0, 2).equals(MAGIC);
    const index = bytes[PART_HEADER_BYTES - 2] ?? 0;
    const count = bytes[PART_HEADER_BYTES - 1] ?? 0;
    if (!isOurs || bytes[2] !== FORMAT || index >= count || count > PARTS_MAX) {
      return { kind: 'foreign' };
    }
    const digest = bytes.subarray(3, 3 + DIGEST_BYTES);
    if (!digest.equals(this.#digest)) this.#parts.clear();
    this.#digest = digest;
    this.#parts.set(index, bytes.subarray(PART_HEADER_BYTES));
    if (this.#parts.size < count) return { kind: 'taken', have: this.#parts.size, count };
    const parts = Array.from({ length: count }, (_, at) => this.#parts.get(at) ?? Buffer.alloc(0));
    const whole = Buffer.concat(parts);
    this.#parts.clear();
    return digestOf(whole).equals(digest) ? { kind: 'whole', bytes: whole } : { kind: 'damaged' };
  }
}

const digestOf = (whole: Uint8Array): Buffer =>
  createHash('sha256').update(whole).digest().subarray(0, DIGEST_BYTES);
