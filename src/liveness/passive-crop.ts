import type { Box } from '../domain/face.ts';
import type { FrameSize } from '../domain/frame.ts';
import type { SimilarityTransform } from '../numeric/similarity-transform.ts';

/** The detector's box ends below the hair; the networks were trained on boxes that include it. */
const RAISE = 0.2;

/**
 * The square that a passive network looks at: the raised box enlarged about its centre, no larger than the
 * frame and pushed inside it, so that the network never sees a border that no camera makes.
 * @param boxScale  side of the square over the longer side of the box
 * @param sidePx    side of the network's input
 * @returns maps coordinates of the input to coordinates of the frame
 */
export function passiveCrop(
  box: Box,
  frame: FrameSize,
  boxScale: number,
  sidePx: number,
): SimilarityTransform {
  const longer = Math.max(box.widthPx, box.heightPx);
  const side = Math.min(longer * boxScale, frame.widthPx, frame.heightPx);
  const centreX = box.xPx + box.widthPx / 2;
  const centreY = box.yPx + box.heightPx * (0.5 - RAISE);
  const left = within(centreX - side / 2, frame.widthPx - side);
  const top = within(centreY - side / 2, frame.heightPx - side);
  return { a: side / sidePx, b: 0, dx: left, dy: top };
}

const within = (value: number, maximum: number): number => Math.max(0, Math.min(maximum, value));
