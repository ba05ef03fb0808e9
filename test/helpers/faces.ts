import type { HeadPose } from '../../src/domain/face.ts';
import { type Face, type FaceMesh, MESH_POINTS, type Point } from '../../src/domain/face.ts';

/** A face of the given place and size, its eyes level. */
export function aFace(place: {
  readonly centre: Point;
  readonly sidePx: number;
  readonly confidence?: number;
}): Face {
  const { centre, sidePx, confidence = 0.9 } = place;
  const at = (x: number, y: number): Point => ({
    xPx: centre.xPx + x * sidePx,
    yPx: centre.yPx + y * sidePx,
  });
  return {
    box: {
      xPx: centre.xPx - sidePx / 2,
      yPx: centre.yPx - sidePx / 2,
      widthPx: sidePx,
      heightPx: sidePx,
    },
    keypoints: [
      at(-0.2, -0.2),
      at(0.2, -0.2),
      at(0, 0.05),
      at(0, 0.25),
      at(-0.45, -0.1),
      at(0.45, -0.1),
    ],
    confidence,
  };
}

/** A face at rest runs back by six degrees from forehead to chin, over half its height. */
const LEAN = Math.tan((6 * Math.PI) / 180);

/** Where the points that the code reads lie on a head of height 2 that looks straight ahead. */
const NAMED_POINTS: readonly (readonly [index: number, x: number, y: number, z: number])[] = [
  [33, -0.45, -0.3, -0.35],
  [133, -0.15, -0.3, -0.4],
  [159, -0.3, -0.35, -0.4],
  [145, -0.3, -0.25, -0.4],
  [362, 0.15, -0.3, -0.4],
  [263, 0.45, -0.3, -0.35],
  [386, 0.3, -0.35, -0.4],
  [374, 0.3, -0.25, -0.4],
  [4, 0, 0.1, -0.8],
  [61, -0.25, 0.45, -0.45],
  [291, 0.25, 0.45, -0.45],
  [234, -0.75, 0, 0.3],
  [454, 0.75, 0, 0.3],
  [10, 0, -1, -0.4 - LEAN],
  [152, 0, 1, -0.4 + LEAN],
  [168, 0, -0.5, -0.5 - LEAN / 2],
  [200, 0, 0.5, -0.5 + LEAN / 2],
];

const RADIANS = Math.PI / 180;

/**
 * A mesh of a head turned by a known pose: an egg with the named points on it.
 * Turned as the picture's axes say (x right, y down, z away): roll about z first, then pitch about
 * x, then yaw about y.
 */
export function aMesh(place: {
  readonly centre: Point;
  readonly heightPx: number;
  readonly pose?: Partial<HeadPose>;
  readonly confidence?: number;
}): FaceMesh {
  const { centre, heightPx, pose = {}, confidence = 0.98 } = place;
  const points = new Float32Array(MESH_POINTS * 3);
  const put = (index: number, x: number, y: number, z: number): void => {
    const [turnedX, turnedY, turnedZ] = turned([x, y, z], pose);
    const scale = heightPx / 2;
    points[index * 3] = centre.xPx + turnedX * scale;
    points[index * 3 + 1] = centre.yPx + turnedY * scale;
    points[index * 3 + 2] = turnedZ * scale;
  };
  for (let index = 0; index < MESH_POINTS; index += 1) {
    const height = 1 - (2 * (index + 0.5)) / MESH_POINTS;
    const angle = index * 2.4;
    const ring = Math.sqrt(1 - height * height);
    put(index, 0.75 * ring * Math.cos(angle), height, -0.5 * Math.abs(ring * Math.sin(angle)));
  }
  for (const [index, x, y, z] of NAMED_POINTS) put(index, x, y, z);
  return { points, confidence };
}

function turned(
  [x, y, z]: readonly [number, number, number],
  { yawDeg = 0, pitchDeg = 0, rollDeg = 0 }: Partial<HeadPose>,
): readonly [number, number, number] {
  const [roll, pitch, yaw] = [rollDeg * RADIANS, pitchDeg * RADIANS, yawDeg * RADIANS];
  const rolled = [
    x * Math.cos(roll) - y * Math.sin(roll),
    x * Math.sin(roll) + y * Math.cos(roll),
    z,
  ] as const;
  // Pitch > 0 brings the face's outward normal (0, 0, -1) down to y > 0.
  const pitched = [
    rolled[0],
    rolled[1] * Math.cos(pitch) - rolled[2] * Math.sin(pitch),
    rolled[1] * Math.sin(pitch) + rolled[2] * Math.cos(pitch),
  ] as const;
  // Yaw > 0 brings it to x > 0.
  return [
    pitched[0] * Math.cos(yaw) - pitched[2] * Math.sin(yaw),
    pitched[1],
    pitched[0] * Math.sin(yaw) + pitched[2] * Math.cos(yaw),
  ];
}
