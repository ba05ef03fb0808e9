import { MESH_POINTS } from '../domain/face.ts';
import type { FrameSize } from '../domain/frame.ts';
import { type RgbImage, sampleImage } from '../numeric/sample-image.ts';
import { invertTransform, type SimilarityTransform } from '../numeric/similarity-transform.ts';

/** A photograph of a person and the mesh of the face in it. */
export interface Portrait {
  readonly image: RgbImage;
  /** (468, 3) x, y in pixels of the picture, z in the same unit, smaller is nearer; row-major. */
  readonly mesh: Float32Array;
}

/** A portrait as the camera would see it straight ahead: of the frame's size, eyes level, face in the middle. */
export interface Plate {
  readonly image: RgbImage;
  /** (468, 3), pixels of the plate. */
  readonly mesh: Float32Array;
  readonly interEyePx: number;
  /** Whether a place of the plate shows the photograph; beyond its border there is nothing. */
  readonly isCovered: (x: number, y: number) => boolean;
}

/** Outer and inner corner of each eye. */
const EYE_CORNERS = [
  [33, 133],
  [263, 362],
] as const;
/** The face's middle lies so far below the eyes, in inter-eye distances. */
const MIDDLE_BELOW_EYES = 0.45;

/** @param interEyePx  distance of the eyes on the plate */
export function makePlate(portrait: Portrait, size: FrameSize, interEyePx: number): Plate {
  const toPlate = placing(portrait.mesh, size, interEyePx);
  const toPortrait = invertTransform(toPlate);
  const { a, b, dx, dy } = toPlate;
  const mesh = new Float32Array(3 * MESH_POINTS);
  for (let at = 0; at < mesh.length; at += 3) {
    const [x, y, z] = [
      portrait.mesh[at] ?? 0,
      portrait.mesh[at + 1] ?? 0,
      portrait.mesh[at + 2] ?? 0,
    ];
    mesh[at] = a * x - b * y + dx;
    mesh[at + 1] = b * x + a * y + dy;
    mesh[at + 2] = z * Math.hypot(a, b);
  }
  const { widthPx, heightPx } = portrait.image;
  const isCovered = (x: number, y: number): boolean => {
    const fromX = toPortrait.a * x - toPortrait.b * y + toPortrait.dx;
    const fromY = toPortrait.b * x + toPortrait.a * y + toPortrait.dy;
    return fromX >= 1 && fromY >= 1 && fromX <= widthPx - 1 && fromY <= heightPx - 1;
  };
  return { image: resample(portrait.image, toPortrait, size), mesh, interEyePx, isCovered };
}

function placing(mesh: Float32Array, size: FrameSize, interEyePx: number): SimilarityTransform {
  const [left, right] = EYE_CORNERS.map(([outer, inner]) => ({
    x: ((mesh[3 * outer] ?? 0) + (mesh[3 * inner] ?? 0)) / 2,
    y: ((mesh[3 * outer + 1] ?? 0) + (mesh[3 * inner + 1] ?? 0)) / 2,
  }));
  if (left === undefined || right === undefined) return { a: 1, b: 0, dx: 0, dy: 0 };
  const [acrossX, acrossY] = [right.x - left.x, right.y - left.y];
  const square = acrossX * acrossX + acrossY * acrossY;
  const a = (interEyePx * acrossX) / square;
  const b = (-interEyePx * acrossY) / square;
  const middleX = (left.x + right.x) / 2;
  const middleY = (left.y + right.y) / 2;
  return {
    a,
    b,
    dx: size.widthPx / 2 - (a * middleX - b * middleY),
    dy: size.heightPx / 2 - MIDDLE_BELOW_EYES * interEyePx - (b * middleX + a * middleY),
  };
}

/** The picture seen through a similarity, as 8-bit RGB. */
export function resample(
  image: RgbImage,
  toSource: SimilarityTransform,
  { widthPx, heightPx }: FrameSize,
): RgbImage {
  const data = new Float32Array(3 * widthPx * heightPx);
  sampleImage(image, toSource, {
    data,
    widthPx,
    heightPx,
    pixelStride: 3,
    offsets: [0, 1, 2],
    scales: [1, 1, 1],
    biases: [0, 0, 0],
  });
  return { rgb: Uint8Array.from(data, Math.round), widthPx, heightPx };
}
