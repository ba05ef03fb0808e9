/** Points whose mean is the centre of each eye; left and right are those of the picture. */
const LEFT_EYE = [33, 133, 159, 145] as const;
const RIGHT_EYE = [362, 263, 386, 374] as const;
/** Upper and lower lid, twice, and the corners. */
const LEFT_LIDS = { upper: [160, 158], lower: [144, 153], corners: [33, 133] } as const;
const RIGHT_LIDS = { upper: [387, 385], lower: [373, 380], corners: [263, 362] } as const;
const NOSE_TIP = 4;
const MOUTH_CORNERS = [61, 291] as const;
const INNER_LIPS = [13, 14] as const;

type Vector = readonly [number, number];

/** Ratios of one face that do not depend on its place, size or tilt in the picture. */
export interface FaceShape {
  readonly interEyePx: number;
  /** Height of the eye's opening over its width: about 0.3 open, below 0.15 shut. */
  readonly leftEyeRatio: number;
  readonly rightEyeRatio: number;
  /** Nose tip across the line between the eyes, in inter-eye distances: 0 straight ahead, > 0 to the picture's right. */
  readonly yaw: number;
  /** Nose tip below that line, in inter-eye distances: grows as the face turns down. */
  readonly pitch: number;
  /** Tilt of that line in radians, clockwise > 0. */
  readonly roll: number;
  /** Gap between the lips and distance between the mouth's corners, in inter-eye distances. */
  readonly mouthOpening: number;
  readonly mouthWidth: number;
}

/**
 * @param points  (468, 2) float64, x and y in pixels
 * @returns NaN where the points are not finite or the eyes coincide
 * Source of the eye ratio: Soukupova and Cech 2016, on this mesh's lid points
 */
export function faceShape(points: Float64Array): FaceShape {
  const left = meanOf(points, LEFT_EYE);
  const right = meanOf(points, RIGHT_EYE);
  const interEyePx = Math.hypot(right[0] - left[0], right[1] - left[1]);
  const across: Vector = [(right[0] - left[0]) / interEyePx, (right[1] - left[1]) / interEyePx];
  const nose = pointOf(points, NOSE_TIP);
  const fromMiddle: Vector = [
    nose[0] - (left[0] + right[0]) / 2,
    nose[1] - (left[1] + right[1]) / 2,
  ];
  return {
    interEyePx,
    leftEyeRatio: eyeRatio(points, LEFT_LIDS),
    rightEyeRatio: eyeRatio(points, RIGHT_LIDS),
    yaw: (fromMiddle[0] * across[0] + fromMiddle[1] * across[1]) / interEyePx,
    pitch: (fromMiddle[1] * across[0] - fromMiddle[0] * across[1]) / interEyePx,
    roll: Math.atan2(across[1], across[0]),
    mouthOpening: distance(points, INNER_LIPS[0], INNER_LIPS[1]) / interEyePx,
    mouthWidth: distance(points, MOUTH_CORNERS[0], MOUTH_CORNERS[1]) / interEyePx,
  };
}

function eyeRatio(points: Float64Array, lids: typeof LEFT_LIDS | typeof RIGHT_LIDS): number {
  const { upper, lower, corners } = lids;
  const heights = distance(points, upper[0], lower[0]) + distance(points, upper[1], lower[1]);
  return heights / (2 * distance(points, corners[0], corners[1]));
}

function distance(points: Float64Array, from: number, to: number): number {
  const [fromX, fromY] = pointOf(points, from);
  const [toX, toY] = pointOf(points, to);
  return Math.hypot(toX - fromX, toY - fromY);
}

function meanOf(points: Float64Array, indices: readonly number[]): Vector {
  let x = 0;
  let y = 0;
  for (const index of indices) {
    x += pointOf(points, index)[0];
    y += pointOf(points, index)[1];
  }
  return [x / indices.length, y / indices.length];
}

function pointOf(points: Float64Array, index: number): Vector {
  return [points[2 * index] ?? Number.NaN, points[2 * index + 1] ?? Number.NaN];
}
