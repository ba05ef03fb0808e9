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
 * shrunk by more than two, a grid of samples is averaged per pixel, so that no pixel of the source
 * is skipped. Outside the source is black.
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
  const sample = liesInside(source, toSource, target) ? sampleInside : sampleAcrossBorder;
  for (let index = 0; index < taps * taps; index += 1) {
    const x = ((index % taps) + 0.5) / taps;
    const y = (Math.floor(index / taps) + 0.5) / taps;
    sample(source, toSource, target, { x, y, share: 1 / taps ** 2, isFirst: index === 0 });
  }
}

/** Samples per axis and target pixel: a bilinear sample covers two pixels of the source. */
export function tapsFor(toSource: SimilarityTransform): number {
  const sourcePixelsPerTarget = Math.hypot(toSource.a, toSource.b);
  return Math.max(1, Math.min(MAX_TAPS_PER_AXIS, Math.ceil(sourcePixelsPerTarget / 2 - 1e-9)));
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

/** One sample of each target pixel. */
interface Tap {
  /** Place within the pixel, in (0, 1). */
  readonly x: number;
  readonly y: number;
  /** Weight in the pixel's mean. */
  readonly share: number;
  /** The first overwrites the target, the others add to it. */
  readonly isFirst: boolean;
}

/** Whether no sample needs a neighbour beyond the border: a square is inside if its corners are. */
function liesInside(
  { widthPx, heightPx }: RgbImage,
  { a, b, dx, dy }: SimilarityTransform,
  target: TensorImage,
): boolean {
  for (const u of [0, target.widthPx]) {
    for (const v of [0, target.heightPx]) {
      const x = a * u - b * v + dx;
      const y = b * u + a * v + dy;
      // Half a pixel to the centre, one more to the neighbour, a hair for rounding.
      if (!(x >= 0.51 && y >= 0.51 && x <= widthPx - 1.01 && y <= heightPx - 1.01)) return false;
    }
  }
  return true;
}

/** The fast way, for targets whose samples all have their four neighbours in the source. */
function sampleInside(
  { rgb, widthPx }: RgbImage,
  { a, b, dx, dy }: SimilarityTransform,
  target: TensorImage,
  tap: Tap,
): void {
  const { data, pixelStride, scales } = target;
  const { isFirst } = tap;
  const [redAt, greenAt, blueAt] = target.offsets;
  const [redBias, greenBias, blueBias] = target.biases;
  const redScale = scales[0] * tap.share;
  const greenScale = scales[1] * tap.share;
  const blueScale = scales[2] * tap.share;
  const rowBytes = widthPx * 3;
  let at = 0;
  for (let row = 0; row < target.heightPx; row += 1) {
    // Less half a pixel: pixel k of the source has its centre at k + 0.5.
    let x = a * tap.x - b * (row + tap.y) + dx - 0.5;
    let y = b * tap.x + a * (row + tap.y) + dy - 0.5;
    for (let column = 0; column < target.widthPx; column += 1) {
      const x0 = x | 0;
      const y0 = y | 0;
      const p0 = y0 * rowBytes + x0 * 3;
      const p1 = p0 + rowBytes;
      const w11 = (x - x0) * (y - y0);
      const w10 = x - x0 - w11;
      const w01 = y - y0 - w11;
      const w00 = 1 - w10 - w01 - w11;
      const red = rgb[p0]! * w00 + rgb[p0 + 3]! * w10 + rgb[p1]! * w01 + rgb[p1 + 3]! * w11;
      const green =
        rgb[p0 + 1]! * w00 + rgb[p0 + 4]! * w10 + rgb[p1 + 1]! * w01 + rgb[p1 + 4]! * w11;
      const blue =
        rgb[p0 + 2]! * w00 + rgb[p0 + 5]! * w10 + rgb[p1 + 2]! * w01 + rgb[p1 + 5]! * w11;
      data[redAt + at] = red * redScale + (isFirst ? redBias : data[redAt + at]!);
      data[greenAt + at] = green * greenScale + (isFirst ? greenBias : data[greenAt + at]!);
      data[blueAt + at] = blue * blueScale + (isFirst ? blueBias : data[blueAt + at]!);
      at += pixelStride;
      x += a;
      y += b;
    }
  }
}

/** The same where the border of the source is near: what lies beyond it counts as black. */
function sampleAcrossBorder(
  source: RgbImage,
  { a, b, dx, dy }: SimilarityTransform,
  target: TensorImage,
  tap: Tap,
): void {
  let at = 0;
  for (let row = 0; row < target.heightPx; row += 1) {
    let x = a * tap.x - b * (row + tap.y) + dx - 0.5;
    let y = b * tap.x + a * (row + tap.y) + dy - 0.5;
    for (let column = 0; column < target.widthPx; column += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const index = target.offsets[channel]! + at;
        const before = tap.isFirst ? target.biases[channel]! : target.data[index]!;
        const value = valueAt(source, x, y, channel);
        target.data[index] = before + value * target.scales[channel]! * tap.share;
      }
      at += target.pixelStride;
      x += a;
      y += b;
    }
  }
}

function valueAt(source: RgbImage, x: number, y: number, channel: number): number {
  const { rgb, widthPx, heightPx } = source;
  if (!(x > -1 && y > -1 && x < widthPx && y < heightPx)) return 0;
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  // A neighbour beyond the border weighs nothing; its address is bent back inside.
  const right = x0 < widthPx - 1 ? x - x0 : 0;
  const left = x0 >= 0 ? 1 - (x - x0) : 0;
  const bottom = y0 < heightPx - 1 ? y - y0 : 0;
  const top = y0 >= 0 ? 1 - (y - y0) : 0;
  const p00 = (Math.max(y0, 0) * widthPx + Math.max(x0, 0)) * 3 + channel;
  const p10 = right > 0 && left > 0 ? p00 + 3 : p00;
  const down = bottom > 0 && top > 0 ? widthPx * 3 : 0;
  return (
    top * (rgb[p00]! * left + rgb[p10]! * right) +
    bottom * (rgb[p00 + down]! * left + rgb[p10 + down]! * right)
  );
}
