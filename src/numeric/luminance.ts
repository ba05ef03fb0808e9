import type { RgbImage } from './sample-image.ts';
import type { SimilarityTransform } from './similarity-transform.ts';

/** Luma of 8-bit RGB, ITU-R BT.601. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** Grey picture, 0..255, row-major. */
export interface GreyImage {
  readonly data: Float32Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Fills `target` with the luminance of the source, bilinearly, one sample a pixel.
 * Outside the source the nearest border pixel counts, so that a cut-off face does not look dark.
 * @param toSource  maps coordinates of the target to coordinates of the source; pixel centres at + 0.5
 */
export function sampleLuminance(
  source: RgbImage,
  toSource: SimilarityTransform,
  target: GreyImage,
): void {
  const { a, b, dx, dy } = toSource;
  let at = 0;
  for (let row = 0; row < target.heightPx; row += 1) {
    for (let column = 0; column < target.widthPx; column += 1, at += 1) {
      const u = column + 0.5;
      const v = row + 0.5;
      target.data[at] = luminanceAt(source, a * u - b * v + dx - 0.5, b * u + a * v + dy - 0.5);
    }
  }
}

function luminanceAt(source: RgbImage, x: number, y: number): number {
  const lastX = source.widthPx - 1;
  const lastY = source.heightPx - 1;
  const clampedX = Math.max(0, Math.min(x, lastX));
  const clampedY = Math.max(0, Math.min(y, lastY));
  const x0 = Math.floor(clampedX);
  const y0 = Math.floor(clampedY);
  const fx = clampedX - x0;
  const fy = clampedY - y0;
  const right = x0 < lastX ? 3 : 0;
  const below = y0 < lastY ? source.widthPx * 3 : 0;
  const at = (y0 * source.widthPx + x0) * 3;
  const top = luma(source.rgb, at) * (1 - fx) + luma(source.rgb, at + right) * fx;
  const bottom =
    luma(source.rgb, at + below) * (1 - fx) + luma(source.rgb, at + below + right) * fx;
  return top * (1 - fy) + bottom * fy;
}

function luma(rgb: Uint8Array, at: number): number {
  return RED * rgb[at]! + GREEN * rgb[at + 1]! + BLUE * rgb[at + 2]!;
}

/** Mean and population standard deviation of the grey values, 0..255. */
export function luminanceStatistics(image: GreyImage): { mean: number; deviation: number } {
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < image.data.length; index += 1) {
    const value = image.data[index]!;
    sum += value;
    squares += value * value;
  }
  const mean = sum / image.data.length;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / image.data.length - mean * mean)) };
}

/**
 * Variance of the 4-neighbour Laplacian over the inner pixels: falls as the picture is blurred.
 * Source: Pech-Pacheco et al. 2000.
 */
export function laplacianVariance(image: GreyImage): number {
  const { data, widthPx, heightPx } = image;
  let sum = 0;
  let squares = 0;
  for (let row = 1; row < heightPx - 1; row += 1) {
    for (let column = 1; column < widthPx - 1; column += 1) {
      const at = row * widthPx + column;
      const value =
        data[at - 1]! + data[at + 1]! + data[at - widthPx]! + data[at + widthPx]! - 4 * data[at]!;
      sum += value;
      squares += value * value;
    }
  }
  const count = (widthPx - 2) * (heightPx - 2);
  return squares / count - (sum / count) ** 2;
}
