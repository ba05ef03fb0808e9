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
  /** Least variance of the Laplacian of the aligned face's luminance. */
  readonly minSharpness: number;
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
 * Limits of the door. They leave room: a refused frame costs the person a moment, and the encoder
 * bears more than this. `docs/adr` and the release measurements say how they were chosen.
 */
export const DOOR_QUALITY: QualityLimits = {
  minSizeRatio: 0.12,
  maxSizeRatio: 0.95,
  minInterEyePx: 24,
  maxYawDeg: 35,
  maxPitchDeg: 30,
  maxRollDeg: 45,
  minSharpness: 25,
  minBrightness: 45,
  maxBrightness: 220,
  minContrast: 18,
  minMeshConfidence: 0.7,
  maxOutsideShare: 0.05,
};
