/*
 * As much of ASN.1 DER (X.690) as a certificate needs. Every function returns one encoded value.
 */

export const sequence = (...parts: readonly Uint8Array[]): Buffer => value(0x30, ...parts);
export const setOf = (...parts: readonly Uint8Array[]): Buffer => value(0x31, ...parts);
export const octetString = (bytes: Uint8Array): Buffer => value(0x04, bytes);
export const utf8String = (text: string): Buffer => value(0x0c, Buffer.from(text, 'utf8'));
export const trueValue = (): Buffer => value(0x01, Buffer.from([0xff]));

/** @param bytes  big-endian magnitude of a number that is not negative */
export function integer(bytes: Uint8Array): Buffer {
  const isHigh = ((bytes[0] ?? 0) & 0x80) !== 0;
  return value(0x02, ...(isHigh ? [Buffer.from([0])] : []), bytes);
}

/** @param unused  bits of the last byte that do not count */
export const bitString = (bytes: Uint8Array, unused = 0): Buffer =>
  value(0x03, Buffer.from([unused]), bytes);

/** Dotted decimal; the arcs that certificates use are below 2^28. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return value(0x06, Buffer.from([40 * first + second, ...rest.flatMap(base128)]));
}

/** @param body  the content of another value where `isConstructed`, else bytes */
export const tagged = (number: number, body: Uint8Array, isConstructed: boolean): Buffer =>
  value((isConstructed ? 0xa0 : 0x80) | number, body);

/** UTCTime up to 2049 and GeneralizedTime afterwards, as RFC 5280 demands. */
export function time(atMs: number): Buffer {
  const digits = new Date(atMs).toISOString().replace(/[-:T]|\.\d+/g, '');
  return new Date(atMs).getUTCFullYear() < 2050
    ? value(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : value(0x18, Buffer.from(digits, 'latin1'));
}

function value(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(body.length), body]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  const digits: number[] = [];
  for (let rest = bytes; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return Buffer.from([0x80 | digits.length, ...digits]);
}

function base128(arc: number): readonly number[] {
  const digits = [arc & 0x7f];
  for (let rest = arc >> 7; rest > 0; rest >>= 7) digits.unshift(0x80 | (rest & 0x7f));
  return digits;
}
