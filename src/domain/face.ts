/** Pixel coordinates of the frame: x to the right, y down, origin at the top left corner. */
export interface Point {
  readonly xPx: number;
  readonly yPx: number;
}

export interface Box {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What the detector says of one face. */
export interface Face {
  readonly box: Box;
  /** Right eye, left eye (the subject's own sides), nose tip, mouth centre, right ear, left ear. */
  readonly keypoints: readonly [Point, Point, Point, Point, Point, Point];
  /** In [0, 1]. */
  readonly confidence: number;
}

/** Points in the mesh, Kartynnik et al. 2019 topology. */
export const MESH_POINTS = 468;

export interface FaceMesh {
  /** (468, 3) x, y in pixels of the frame, z in the same unit, smaller is nearer; row-major. */
  readonly points: Float32Array;
  /** Probability in [0, 1] that a face is really there. */
  readonly confidence: number;
}

/** Left eye in the image, right eye in the image, nose tip, left and right mouth corner in the image. */
export type FiveLandmarks = readonly [Point, Point, Point, Point, Point];

/** Degrees. Yaw > 0: the subject's face turns towards the image's right; pitch > 0: down; roll > 0: clockwise. */
export interface HeadPose {
  readonly yawDeg: number;
  readonly pitchDeg: number;
  readonly rollDeg: number;
}
