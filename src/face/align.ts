import type { FiveLandmarks } from '../domain/face.ts';
import {
  fitSimilarity,
  invertTransform,
  type SimilarityTransform,
} from '../numeric/similarity-transform.ts';

/** Side of the aligned face. */
export const ALIGNED_SIDE_PX = 112;

/**
 * Where the five landmarks belong in the aligned face.
 * Source: the template of Deng et al. 2019 (ArcFace).
 */
export const ALIGNED_LANDMARKS: FiveLandmarks = [
  { xPx: 38.2946, yPx: 51.6963 },
  { xPx: 73.5318, yPx: 51.5014 },
  { xPx: 56.0252, yPx: 71.7366 },
  { xPx: 41.5493, yPx: 92.3655 },
  { xPx: 70.7299, yPx: 92.2041 },
];

/**
 * The similarity that brings a face into the aligned pose, best in the least-squares sense.
 * @returns maps coordinates of the aligned face to coordinates of the frame
 */
export function alignedToFrame(landmarks: FiveLandmarks): SimilarityTransform {
  // Fitted towards the template, so that the error is weighed in the encoder's pixels.
  return invertTransform(fitSimilarity(landmarks, ALIGNED_LANDMARKS));
}

export function interEyeDistance([left, right]: FiveLandmarks): number {
  return Math.hypot(right.xPx - left.xPx, right.yPx - left.yPx);
}
