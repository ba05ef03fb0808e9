/**
 * Float32 values as the bits of float16, rounded to nearest even; too large ones become infinite.
 * Source: IEEE 754-2008, binary16
 */
export function toHalfFloats(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(words, halfOf);
}

/** The bits of float16 values as float32; exact. */
export const fromHalfFloats = (halves: Uint16Array): Float32Array =>
  Float32Array.from(halves, floatOf);

function halfOf(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 0xff;
  const fraction = word & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const target = exponent - 112;
  if (target >= 31) return sign | 0x7c00;
  // Below the smallest normal value the leading one is written out and shifted in.
  const shift = target > 0 ? 13 : 14 - target;
  if (shift > 24) return sign;
  const significand = target > 0 ? (target << 23) | fraction : 0x800000 | fraction;
  const half = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const up = rest > middle || (rest === middle && (half & 1) === 1) ? 1 : 0;
  // A carry out of the fraction is a step of the exponent, up to infinity: it just adds.
  return sign | (half + up);
}

function floatOf(half: number): number {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
