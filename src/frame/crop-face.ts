import type { Box } from '../domain/face.ts';
import { BYTES_PER_PIXEL } from '../domain/frame.ts';
import type { RgbImage } from '../numeric/sample-image.ts';

/** Part of a picture, in whole pixels of it. */
export interface Cutting {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Where a face lies with some of what is round it: hair, chin and shoulders, and no more of the scene.
 * @param margin  on each side, as a share of the box
 * @returns undefined when nothing of it lies within the frame
 */
export function cuttingRound(
  box: Box,
  frame: { readonly widthPx: number; readonly heightPx: number },
  margin: number,
): Cutting | undefined {
  const clamp = (value: number, most: number): number =>
    Math.min(most, Math.max(0, Math.round(value)));
  const leftPx = clamp(box.xPx - box.widthPx * margin, frame.widthPx);
  const topPx = clamp(box.yPx - box.heightPx * margin, frame.heightPx);
  const widthPx = clamp(box.xPx + box.widthPx * (1 + margin), frame.widthPx) - leftPx;
  const heightPx = clamp(box.yPx + box.heightPx * (1 + margin), frame.heightPx) - topPx;
  return widthPx > 0 && heightPx > 0 ? { leftPx, topPx, widthPx, heightPx } : undefined;
}

/** Copies a part of a picture. @param into  at least as long as its pixels take */
export function copyCutting({ rgb, widthPx }: RgbImage, cutting: Cutting, into: Uint8Array): void {
  const rowBytes = cutting.widthPx * BYTES_PER_PIXEL;
  for (let row = 0; row < cutting.heightPx; row += 1) {
    const from = ((cutting.topPx + row) * widthPx + cutting.leftPx) * BYTES_PER_PIXEL;
    into.set(rgb.subarray(from, from + rowBytes), row * rowBytes);
  }
}
