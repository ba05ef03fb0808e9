import { type GreyImage, sampleLuminance } from '../../numeric/luminance.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import type { SimilarityTransform } from '../../numeric/similarity-transform.ts';

/** Corners of each eye; their mean is taken for its centre, because lids move and corners do not. */
const LEFT_EYE = [33, 133] as const;
const RIGHT_EYE = [362, 263] as const;

/** A rectangle that goes with the face: in inter-eye distances, from the middle of the eyes, eyes level. */
export interface FaceRegion {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The axes of a face: where the middle of its eyes is and what one inter-eye distance to the right is. */
export interface FaceAxes {
  readonly x: number;
  readonly y: number;
  readonly acrossX: number;
  readonly acrossY: number;
}

/**
 * @param mesh  (468, 3) pixels
 * @returns undefined when the mesh is not finite or the eyes coincide
 */
export function faceAxes(mesh: Float32Array): FaceAxes | undefined {
  const middle = ([a, b]: readonly [number, number], axis: number): number =>
    ((mesh[3 * a + axis] ?? Number.NaN) + (mesh[3 * b + axis] ?? Number.NaN)) / 2;
  const [leftX, leftY] = [middle(LEFT_EYE, 0), middle(LEFT_EYE, 1)];
  const [rightX, rightY] = [middle(RIGHT_EYE, 0), middle(RIGHT_EYE, 1)];
  const [acrossX, acrossY] = [rightX - leftX, rightY - leftY];
  if (!(Math.hypot(acrossX, acrossY) > 1)) return undefined;
  return { x: (leftX + rightX) / 2, y: (leftY + rightY) / 2, acrossX, acrossY };
}

export const interEyeOf = ({ acrossX, acrossY }: FaceAxes): number => Math.hypot(acrossX, acrossY);

/** Maps pixels of a picture of a region to pixels of the frame. @param widthPx  of that picture */
export function regionToFrame(
  { x, y, acrossX, acrossY }: FaceAxes,
  region: FaceRegion,
  widthPx: number,
): SimilarityTransform {
  const a = (acrossX * region.width) / widthPx;
  const b = (acrossY * region.width) / widthPx;
  return {
    a,
    b,
    dx: x + acrossX * region.left - acrossY * region.top,
    dy: y + acrossY * region.left + acrossX * region.top,
  };
}

/** Whether all of the region is inside the frame. */
export function isInFrame(
  axes: FaceAxes,
  region: FaceRegion,
  { widthPx, heightPx }: Pick<RgbImage, 'widthPx' | 'heightPx'>,
): boolean {
  const { a, b, dx, dy } = regionToFrame(axes, region, 1);
  const down = region.height / region.width;
  return [0, 1].every((u) =>
    [0, down].every((v) => {
      const [x, y] = [a * u - b * v + dx, b * u + a * v + dy];
      return x >= 0 && y >= 0 && x <= widthPx && y <= heightPx;
    }),
  );
}

export function blankGrey(widthPx: number, heightPx: number): GreyImage {
  return { data: new Float32Array(widthPx * heightPx), widthPx, heightPx };
}

/** Fills `target` with the grey picture of a region; their shapes must agree. */
export function sampleRegion(
  frame: RgbImage,
  axes: FaceAxes,
  region: FaceRegion,
  target: GreyImage,
): void {
  sampleLuminance(frame, regionToFrame(axes, region, target.widthPx), target);
}
