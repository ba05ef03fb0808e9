import { type Face, type FaceMesh, MESH_POINTS, type Point } from '../domain/face.ts';
import type { SimilarityTransform } from '../numeric/similarity-transform.ts';
import { boxCentre } from './box-geometry.ts';
import { fiveLandmarks } from './mesh-landmarks.ts';

/** Side of the mesh's crop over the longer side of the face's box. */
const CROP_SCALE = 1.5;

/**
 * The square that the mesh model looks at: centred on the face's box, enlarged, and turned so that
 * the eyes lie level.
 * @param sidePx  side of the model's input
 * @returns maps coordinates of the input to coordinates of the frame
 */
export function meshCropOfFace(face: Face, sidePx: number): SimilarityTransform {
  const [rightEye, leftEye] = face.keypoints;
  const side = Math.max(face.box.widthPx, face.box.heightPx) * CROP_SCALE;
  return squareCrop(boxCentre(face.box), side, angleOf(rightEye, leftEye), sidePx);
}

/** The same square from the mesh of the frame before: the face has hardly moved. */
export function meshCropOfMesh(mesh: FaceMesh, sidePx: number): SimilarityTransform {
  const [leftEye, rightEye] = fiveLandmarks(mesh);
  const bounds = meshBounds(mesh);
  const side = Math.max(bounds.widthPx, bounds.heightPx) * CROP_SCALE;
  return squareCrop(boxCentre(bounds), side, angleOf(leftEye, rightEye), sidePx);
}

/** Smallest upright box round all points of the mesh. */
export function meshBounds(mesh: FaceMesh): {
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
} {
  let left = Number.POSITIVE_INFINITY;
  let top = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < MESH_POINTS; index += 1) {
    const x = mesh.points[index * 3] ?? Number.NaN;
    const y = mesh.points[index * 3 + 1] ?? Number.NaN;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
}

function angleOf(from: Point, to: Point): number {
  return Math.atan2(to.yPx - from.yPx, to.xPx - from.xPx);
}

function squareCrop(
  centre: Point,
  side: number,
  angle: number,
  sidePx: number,
): SimilarityTransform {
  const a = (Math.cos(angle) * side) / sidePx;
  const b = (Math.sin(angle) * side) / sidePx;
  const half = sidePx / 2;
  return {
    a,
    b,
    dx: centre.xPx - (a * half - b * half),
    dy: centre.yPx - (b * half + a * half),
  };
}
