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
  { rgb, widthPx, heightPx }: RgbImage,
  { a, b, dx, dy }: SimilarityTransform,
  target: GreyImage,
): void {
  const lastX = widthPx - 1;
  const lastY = heightPx - 1;
  let at = 0;
  for (let row = 0; row < target.heightPx; row += 1) {
    for (let column = 0; column < target.widthPx; column += 1, at += 1) {
      const x = Math.max(0, Math.min(lastX, a * (column + 0.5) - b * (row + 0.5) + dx - 0.5));
      const y = Math.max(0, Math.min(lastY, b * (column + 0.5) + a * (row + 0.5) + dy - 0.5));
      const x0 = x | 0;
      const y0 = y | 0;
      const p0 = (y0 * widthPx + x0) * 3;
      const right = x0 < lastX ? 3 : 0;
      const below = y0 < lastY ? widthPx * 3 : 0;
      const top = luma(rgb, p0) * (1 - x + x0) + luma(rgb, p0 + right) * (x - x0);
      const p1 = p0 + below;
      const bottom = luma(rgb, p1) * (1 - x + x0) + luma(rgb, p1 + right) * (x - x0);
      target.data[at] = top + (bottom - top) * (y - y0);
    }
  }
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
