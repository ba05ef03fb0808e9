import type { FaceMesh, FiveLandmarks, Point } from '../domain/face.ts';

/** Indices of the mesh that outline each feature; "left" is left in the picture. */
const LEFT_EYE = [33, 133, 159, 145] as const;
const RIGHT_EYE = [362, 263, 386, 374] as const;
const NOSE_TIP = 4;
const LEFT_MOUTH_CORNER = 61;
const RIGHT_MOUTH_CORNER = 291;

/** Coordinates of one point of the mesh, z dropped. */
export function meshPoint(mesh: FaceMesh, index: number): Point {
  return {
    xPx: mesh.points[index * 3] ?? Number.NaN,
    yPx: mesh.points[index * 3 + 1] ?? Number.NaN,
  };
}

export function meshMean(mesh: FaceMesh, indices: readonly number[]): Point {
  let xPx = 0;
  let yPx = 0;
  for (const index of indices) {
    const point = meshPoint(mesh, index);
    xPx += point.xPx;
    yPx += point.yPx;
  }
  return { xPx: xPx / indices.length, yPx: yPx / indices.length };
}

/** The five points that the alignment rests on. */
export function fiveLandmarks(mesh: FaceMesh): FiveLandmarks {
  return [
    meshMean(mesh, LEFT_EYE),
    meshMean(mesh, RIGHT_EYE),
    meshPoint(mesh, NOSE_TIP),
    meshPoint(mesh, LEFT_MOUTH_CORNER),
    meshPoint(mesh, RIGHT_MOUTH_CORNER),
  ];
}
