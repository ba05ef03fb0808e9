import { PorticoError } from '../domain/errors.ts';

/**
 * Discrete Fourier transform of complex numbers, in place, for lengths that are powers of two. The tables
 * are made once. sum over n of x(n) exp(-2 pi i k n / N), unscaled.
 * Source: Cooley and Tukey 1965, decimation in time
 */
export class Fourier {
  readonly #length: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;
  readonly #swaps: Uint16Array;

  /** @throws PORTICO_NUMERIC_SHAPE unless the length is a power of two up to 65536 */
  constructor(length: number) {
    if (length < 2 || length > 65_536 || (length & (length - 1)) !== 0) {
      throw new PorticoError('PORTICO_NUMERIC_SHAPE', {
        message: `a Fourier transform of length ${length}`,
        remedy: 'Use a power of two.',
      });
    }
    this.#length = length;
    const angle = (index: number): number => (-2 * Math.PI * index) / length;
    this.#cosines = Float64Array.from({ length: length / 2 }, (_v, index) =>
      Math.cos(angle(index)),
    );
    this.#sines = Float64Array.from({ length: length / 2 }, (_v, index) => Math.sin(angle(index)));
    const bits = Math.log2(length);
    this.#swaps = Uint16Array.from({ length }, (_v, index) => {
      let reversed = 0;
      for (let bit = 0; bit < bits; bit += 1) reversed |= ((index >> bit) & 1) << (bits - 1 - bit);
      return reversed;
    });
  }

  /**
   * @param offset  index of the first number in both arrays
   * @param stride  distance to the next: 1 for a row, the row's length for a column
   */
  transform(real: Float64Array, imaginary: Float64Array, offset = 0, stride = 1): void {
    this.#reorder(real, offset, stride);
    this.#reorder(imaginary, offset, stride);
    for (let half = 1; half < this.#length; half *= 2) {
      const step = this.#length / (2 * half);
      for (let start = 0; start < this.#length; start += 2 * half) {
        for (let index = 0; index < half; index += 1) {
          const cosine = this.#cosines[index * step]!;
          const sine = this.#sines[index * step]!;
          const upper = offset + (start + index) * stride;
          const lower = upper + half * stride;
          const turnedReal = real[lower]! * cosine - imaginary[lower]! * sine;
          const turnedImaginary = real[lower]! * sine + imaginary[lower]! * cosine;
          real[lower] = real[upper]! - turnedReal;
          imaginary[lower] = imaginary[upper]! - turnedImaginary;
          real[upper]! += turnedReal;
          imaginary[upper]! += turnedImaginary;
        }
      }
    }
  }

  #reorder(values: Float64Array, offset: number, stride: number): void {
    for (let index = 0; index < this.#length; index += 1) {
      const other = this.#swaps[index]!;
      if (other <= index) continue;
      const held = values[offset + index * stride]!;
      values[offset + index * stride] = values[offset + other * stride]!;
      values[offset + other * stride] = held;
    }
  }
}
