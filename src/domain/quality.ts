/** Why a frame of a face is not good enough to compare, in the order in which advice is given. */
export const QUALITY_FAULTS = [
  'cut-off',
  'too-far',
  'too-close',
  'too-dark',
  'too-bright',
  'turned-away',
  'tilted',
  'occluded',
  'blurred',
] as const;

export type QualityFault = (typeof QUALITY_FAULTS)[number];

/** Measurements behind the verdict; the calibration of the limits reads them too. */
export interface QualityMetrics {
  /** Height of the face's box over the height of the frame, in [0, 1]. */
  readonly sizeRatio: number;
  /** Distance between the eyes in pixels of the frame. */
  readonly interEyePx: number;
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly rollDeg: number;
  /** Variance of the Laplacian of the aligned face's luminance (0..255); higher is sharper. */
  readonly sharpness: number;
  /** Mean luminance of the aligned face, 0..255. */
  readonly brightness: number;
  /** Standard deviation of that luminance. */
  readonly contrast: number;
  /** The mesh's own probability of a face, in [0, 1]. */
  readonly meshConfidence: number;
}

export type QualityAssessment =
  | { readonly outcome: 'acceptable'; readonly metrics: QualityMetrics }
  | {
      readonly outcome: 'refused';
      readonly faults: readonly [QualityFault, ...QualityFault[]];
      readonly metrics: QualityMetrics;
    };
