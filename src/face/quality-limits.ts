/** What a frame of a face must satisfy to be compared. Angles in degrees, luminance 0..255. */
export interface QualityLimits {
  /** Least height of the face's box over the frame's. */
  readonly minSizeRatio: number;
  readonly maxSizeRatio: number;
  /** Least distance between the eyes. */
  readonly minInterEyePx: number;
  readonly maxYawDeg: number;
  readonly maxPitchDeg: number;
  readonly maxRollDeg: number;
  /**
   * Least sharpness over the square of the contrast: the variance of the Laplacian as a share of the
   * picture's own variance, which neither dim light nor haze changes.
   */
  readonly minRelativeSharpness: number;
  readonly minBrightness: number;
  readonly maxBrightness: number;
  /** Least standard deviation of the luminance: below it, haze or glare hides the face. */
  readonly minContrast: number;
  /** Least probability of a face by the mesh: below it, something covers it. */
  readonly minMeshConfidence: number;
  /** Largest share of the mesh's points that may lie outside the frame. */
  readonly maxOutsideShare: number;
}

/**
 * Limits of the door. A refused frame costs the person a moment, so they lie where the encoder begins
 * to suffer. Measured on 125 mated pairs of photographs, the second one degraded; share of pairs
 * below cosine 0.3, and the median cosine, which is 0.71 undegraded:
 * - blur of 2 / 3 / 4 pixels (relative sharpness 0.006 / 0.002 / 0.001): 1 % / 8 % / 45 %, 0.66 / 0.51 / 0.31
 * - eyes 20 / 13 / 10 / 7 pixels apart: 0.70 / 0.66 / 0.56 / 0.37
 * - brightness 35 / 23 / 11: 0 % / 1 % / 28 %; 183 / 208 / 227 (clipped): 1 % / 10 % / 45 %
 * - contrast 15 / 10 (haze): 1 % / 7 %
 * - turned by 20-30 / 30-40 degrees: 0.70 / 0.67
 */
export const DOOR_QUALITY: QualityLimits = {
  minSizeRatio: 0.12,
  maxSizeRatio: 0.95,
  minInterEyePx: 20,
  maxYawDeg: 35,
  maxPitchDeg: 30,
  maxRollDeg: 45,
  minRelativeSharpness: 0.004,
  minBrightness: 40,
  maxBrightness: 200,
  minContrast: 14,
  minMeshConfidence: 0.95,
  maxOutsideShare: 0.05,
};
