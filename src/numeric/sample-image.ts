import type { SimilarityTransform } from './similarity-transform.ts';

/** Packed RGB, 8 bits a channel, row-major, no padding; may be backed by shared memory. */
export interface RgbImage {
  readonly rgb: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * A square or rectangular picture inside a model's input: where each channel lies in `data` and how
 * a raw value 0..255 becomes a number: value * scale + bias.
 */
export interface TensorImage {
  readonly data: Float32Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Distance in `data` between horizontally adjacent pixels: 1 for NCHW, 3 for NHWC. */
  readonly pixelStride: number;
  /** Index in `data` of the first pixel's red, green and blue value. */
  readonly offsets: readonly [number, number, number];
  readonly scales: readonly [number, number, number];
  readonly biases: readonly [number, number, number];
}

/** More taps than this cost more than they mend. */
const MAX_TAPS_PER_AXIS = 4;

/**
 * Fills `target` with the picture that `toSource` sees: pixel (i, j) of the target, whose centre is
 * (i + 0.5, j + 0.5), takes the source at `toSource` of that point, bilinearly. Where the source is
 * shrunk, a grid of samples is averaged per pixel, so that detail finer than the target does not
 * alias. Outside the source is black.
 * @param source    packed RGB
 * @param toSource  maps coordinates of the target to coordinates of the source
 * @param target    overwritten wholly
 */
export function sampleImage(
  source: RgbImage,
  toSource: SimilarityTransform,
  target: TensorImage,
): void {
  const taps = tapsFor(toSource);
  fillWithBlack(target);
  for (let tapY = 0; tapY < taps; tapY += 1) {
    for (let tapX = 0; tapX < taps; tapX += 1) {
      addSamples(source, toSource, target, [(tapX + 0.5) / taps, (tapY + 0.5) / taps]);
    }
  }
}

/** Samples per axis and target pixel: one while enlarging, about one per source pixel while shrinking. */
export function tapsFor(toSource: SimilarityTransform): number {
  const sourcePixelsPerTarget = Math.hypot(toSource.a, toSource.b);
  return Math.max(1, Math.min(MAX_TAPS_PER_AXIS, Math.round(sourcePixelsPerTarget)));
}

/** Raw 0 everywhere. */
export function fillWithBlack(target: TensorImage): void {
  const { data, pixelStride, widthPx, heightPx } = target;
  const end = widthPx * heightPx * pixelStride;
  for (let channel = 0; channel < 3; channel += 1) {
    const from = target.offsets[channel]!;
    const bias = target.biases[channel]!;
    for (let at = from; at < from + end; at += pixelStride) data[at] = bias;
  }
}

/** Adds to every target pixel its share of one sample, taken at `tap` within the pixel. */
function addSamples(
  source: RgbImage,
  toSource: SimilarityTransform,
  target: TensorImage,
  tap: readonly [number, number],
): void {
  const { rgb, widthPx, heightPx } = source;
  const { a, b } = toSource;
  const { data, pixelStride } = target;
  const [redAt, greenAt, blueAt] = target.offsets;
  const taps = tapsFor(toSource) ** 2;
  const redScale = target.scales[0] / taps;
  const greenScale = target.scales[1] / taps;
  const blueScale = target.scales[2] / taps;
  const lastX = widthPx - 1;
  const lastY = heightPx - 1;
  let at = 0;
  for (let row = 0; row < target.heightPx; row += 1) {
    // Less half a pixel: pixel k of the source has its centre at k + 0.5.
    let x = a * tap[0] - b * (row + tap[1]) + toSource.dx - 0.5;
    let y = b * tap[0] + a * (row + tap[1]) + toSource.dy - 0.5;
    for (let column = 0; column < target.widthPx; column += 1, at += pixelStride, x += a, y += b) {
      if (!(x > -1 && y > -1 && x < widthPx && y < heightPx)) continue;
      const x0 = Math.floor(x);
      const y0 = Math.floor(y);
      // A neighbour beyond the border weighs nothing; its address is bent back inside.
      const right = x0 < lastX ? x - x0 : 0;
      const left = x0 >= 0 ? 1 - (x - x0) : 0;
      const bottom = y0 < lastY ? y - y0 : 0;
      const top = y0 >= 0 ? 1 - (y - y0) : 0;
      const p00 = (Math.max(y0, 0) * widthPx + Math.max(x0, 0)) * 3;
      const p10 = x0 >= 0 && x0 < lastX ? p00 + 3 : p00;
      const down = y0 >= 0 && y0 < lastY ? widthPx * 3 : 0;
      const p01 = p00 + down;
      const p11 = p10 + down;
      const w00 = left * top;
      const w10 = right * top;
      const w01 = left * bottom;
      const w11 = right * bottom;
      data[redAt + at]! +=
        redScale * (rgb[p00]! * w00 + rgb[p10]! * w10 + rgb[p01]! * w01 + rgb[p11]! * w11);
      data[greenAt + at]! +=
        greenScale *
        (rgb[p00 + 1]! * w00 + rgb[p10 + 1]! * w10 + rgb[p01 + 1]! * w01 + rgb[p11 + 1]! * w11);
      data[blueAt + at]! +=
        blueScale *
        (rgb[p00 + 2]! * w00 + rgb[p10 + 2]! * w10 + rgb[p01 + 2]! * w01 + rgb[p11 + 2]! * w11);
    }
  }
}
