import { Fourier } from '../../numeric/fourier.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import { type FaceAxes, interEyeOf } from './face-window.ts';

const SIDE = 64;
/** Slower waves than this, in cycles per patch, are the face's own. */
const LEAST_WAVES = 7;
/** The patch's middle below the eyes, in inter-eye distances: nose and cheeks. */
const BELOW_EYES = 0.5;
/**
 * Median power, in squared levels, below which there is no noise for a wave to stand out of. What was
 * compressed as JPEG has 1e1 to 4e2 there, whatever its quality, and peaks of its own; raw frames have 2e3 and more.
 */
const LEAST_NOISE = 1_100;
const HANN = Float64Array.from(
  { length: SIDE },
  (_value, index) => Math.sin((Math.PI * (index + 0.5)) / SIDE) ** 2,
);

/**
 * Moiré: the grid of a display beats with that of the sensor in waves as regular as no skin is, and red
 * and blue beat out of step. Looks for a peak in the spectrum of red less blue, pixel for pixel, on a patch
 * of the face. About 0.6 ms.
 */
export class MoireMeter {
  readonly #fourier = new Fourier(SIDE);
  readonly #real = new Float64Array(SIDE * SIDE);
  readonly #imaginary = new Float64Array(SIDE * SIDE);
  readonly #powers = new Float64Array(SIDE * SIDE);

  /**
   * @returns natural logarithm of the strongest wave's power over the median's; undefined when the face is
   *   too small for the patch, the patch is not inside the frame, or the frame was compressed
   */
  measure(frame: RgbImage, axes: FaceAxes): number | undefined {
    const left = Math.round(axes.x - axes.acrossY * BELOW_EYES - SIDE / 2);
    const top = Math.round(axes.y + axes.acrossX * BELOW_EYES - SIDE / 2);
    if (interEyeOf(axes) < SIDE / 2) return undefined;
    if (left < 0 || top < 0) return undefined;
    if (left + SIDE > frame.widthPx || top + SIDE > frame.heightPx) return undefined;
    this.#load(frame, left, top);
    for (let line = 0; line < SIDE; line += 1) {
      this.#fourier.transform(this.#real, this.#imaginary, line * SIDE, 1);
    }
    for (let line = 0; line < SIDE; line += 1) {
      this.#fourier.transform(this.#real, this.#imaginary, line, SIDE);
    }
    return this.#peak();
  }

  #load({ rgb, widthPx }: RgbImage, left: number, top: number): void {
    this.#imaginary.fill(0);
    for (let row = 0; row < SIDE; row += 1) {
      let from = 3 * ((top + row) * widthPx + left);
      const down = HANN[row] ?? 0;
      for (let column = 0; column < SIDE; column += 1, from += 3) {
        const difference = (rgb[from] ?? 0) - (rgb[from + 2] ?? 0);
        this.#real[row * SIDE + column] = difference * down * (HANN[column] ?? 0);
      }
    }
  }

  #peak(): number | undefined {
    let count = 0;
    let largest = 0;
    // The other half of the spectrum is its mirror image.
    for (let row = 0; row <= SIDE / 2; row += 1) {
      for (let column = 0; column < SIDE; column += 1) {
        const across = column < SIDE / 2 ? column : column - SIDE;
        if (row * row + across * across < LEAST_WAVES * LEAST_WAVES) continue;
        const at = row * SIDE + column;
        const power = (this.#real[at] ?? 0) ** 2 + (this.#imaginary[at] ?? 0) ** 2;
        this.#powers[count] = power;
        largest = Math.max(largest, power);
        count += 1;
      }
    }
    const sorted = this.#powers.subarray(0, count).sort();
    const median = sorted[count >> 1] ?? 0;
    return median < LEAST_NOISE ? undefined : Math.log((largest + 1) / (median + 1));
  }
}
