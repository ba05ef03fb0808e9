/** Turns of a body about its own axes, in radians; as in `HeadPose`: yaw > 0 to the picture's right. */
export interface Turn {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

export interface Vector {
  readonly x: number;
  readonly y: number;
  /** Away from the camera. */
  readonly z: number;
}

/** Rotation matrix, row-major. */
export type Rotation = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Yaw first, then pitch, then roll, with x to the right, y down, z away. */
export function rotationOf({ yaw, pitch, roll }: Turn): Rotation {
  const [sy, cy] = [Math.sin(yaw), Math.cos(yaw)];
  const [sp, cp] = [Math.sin(pitch), Math.cos(pitch)];
  const [sr, cr] = [Math.sin(roll), Math.cos(roll)];
  // Of the nose, at -z: yaw moves it by -sin(yaw) * z to the right, pitch by -sin(pitch) * z down.
  return [
    cr * cy + sr * sp * sy,
    -sr * cp,
    -cr * sy + sr * sp * cy,
    sr * cy - cr * sp * sy,
    cr * cp,
    -sr * sy - cr * sp * cy,
    cp * sy,
    sp,
    cp * cy,
  ];
}

export function rotate(rotation: Rotation, { x, y, z }: Vector): Vector {
  const [a, b, c, d, e, f, g, h, i] = rotation;
  return { x: a * x + b * y + c * z, y: d * x + e * y + f * z, z: g * x + h * y + i * z };
}

/** A pinhole camera; at depth 0 one unit is one pixel. */
export interface Pinhole {
  readonly centreX: number;
  readonly centreY: number;
  /** Focal length in pixels, and the distance of depth 0. */
  readonly focalPx: number;
}

/** Writes x, y and depth of a point, the last in units at depth 0, into (n, 3). */
export function project(camera: Pinhole, { x, y, z }: Vector, to: Float32Array, at: number): void {
  const scale = camera.focalPx / (camera.focalPx + z);
  to[at] = camera.centreX + scale * x;
  to[at + 1] = camera.centreY + scale * y;
  to[at + 2] = z;
}
