import type { FiveLandmarks } from '../domain/face.ts';
import {
  fitSimilarity,
  invertTransform,
  type SimilarityTransform,
} from '../numeric/similarity-transform.ts';

/** Side of the aligned face. */
export const ALIGNED_SIDE_PX = 112;

/**
 * Where the five landmarks belong in the aligned face, centres of pixels at + 0.5.
 * Source: the template of Deng et al. 2019 (ArcFace), whose coordinates count centres from 0.
 */
export const ALIGNED_LANDMARKS: FiveLandmarks = [
  { xPx: 38.7946, yPx: 52.1963 },
  { xPx: 74.0318, yPx: 52.0014 },
  { xPx: 56.5252, yPx: 72.2366 },
  { xPx: 42.0493, yPx: 92.8655 },
  { xPx: 71.2299, yPx: 92.7041 },
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
