import type { Box, Face, Point } from '../domain/face.ts';
import { type SimilarityTransform, transformPoint } from '../numeric/similarity-transform.ts';

/** Numbers per anchor in the boxes' output: centre, size, then six keypoints. */
export const BOX_VALUES = 16;
const KEYPOINTS_FROM = 4;

/** Outputs of the detector, n anchors. */
export interface RawDetections {
  /** (n) scores before the sigmoid. */
  readonly logits: Float32Array;
  /** (n, 16) centre x, y, width, height, six keypoints x, y; pixels of the input, from the anchor's centre. */
  readonly boxes: Float32Array;
  /** (n, 2) centres as shares of the input's side, see `blazeFaceAnchors`. */
  readonly anchors: Float32Array;
  /** Side of the model's square input in pixels. */
  readonly inputSidePx: number;
}

/**
 * Turns BlazeFace's outputs into faces in the frame, overlapping ones included.
 * @param raw        outputs of one run
 * @param toFrame    maps the model's input to the frame
 * @param threshold  least confidence in (0, 1)
 * @returns unordered candidates
 */
export function decodeDetections(
  raw: RawDetections,
  toFrame: SimilarityTransform,
  threshold: number,
): Face[] {
  const faces: Face[] = [];
  // Compared before the sigmoid: hundreds of exponentials saved.
  const logitThreshold = Math.log(threshold / (1 - threshold));
  for (let anchor = 0; anchor < raw.logits.length; anchor += 1) {
    const logit = raw.logits[anchor] ?? Number.NEGATIVE_INFINITY;
    if (!(logit >= logitThreshold)) continue;
    faces.push(decodeFace(raw, toFrame, anchor, 1 / (1 + Math.exp(-logit))));
  }
  return faces;
}

function decodeFace(
  raw: RawDetections,
  toFrame: SimilarityTransform,
  anchor: number,
  confidence: number,
): Face {
  const from = anchor * BOX_VALUES;
  const value = (index: number): number => raw.boxes[from + index] ?? Number.NaN;
  const anchorX = (raw.anchors[anchor * 2] ?? Number.NaN) * raw.inputSidePx;
  const anchorY = (raw.anchors[anchor * 2 + 1] ?? Number.NaN) * raw.inputSidePx;
  const inFrame = (index: number): Point =>
    transformPoint(toFrame, { xPx: anchorX + value(index), yPx: anchorY + value(index + 1) });
  const keypoint = (index: number): Point => inFrame(KEYPOINTS_FROM + index * 2);
  return {
    box: boxAround(inFrame(0), value(2) * toFrame.a, value(3) * toFrame.a),
    keypoints: [keypoint(0), keypoint(1), keypoint(2), keypoint(3), keypoint(4), keypoint(5)],
    confidence,
  };
}

function boxAround(centre: Point, widthPx: number, heightPx: number): Box {
  return { xPx: centre.xPx - widthPx / 2, yPx: centre.yPx - heightPx / 2, widthPx, heightPx };
}
