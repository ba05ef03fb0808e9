import type { Box, Point } from '../domain/face.ts';

export const boxArea = (box: Box): number => Math.max(0, box.widthPx) * Math.max(0, box.heightPx);

export const boxCentre = (box: Box): Point => ({
  xPx: box.xPx + box.widthPx / 2,
  yPx: box.yPx + box.heightPx / 2,
});

/** Intersection over union, in [0, 1]; 0 for empty boxes. */
export function overlapOf(left: Box, right: Box): number {
  const width =
    Math.min(left.xPx + left.widthPx, right.xPx + right.widthPx) - Math.max(left.xPx, right.xPx);
  const height =
    Math.min(left.yPx + left.heightPx, right.yPx + right.heightPx) - Math.max(left.yPx, right.yPx);
  if (!(width > 0 && height > 0)) return 0;
  const shared = width * height;
  return shared / (boxArea(left) + boxArea(right) - shared);
}
