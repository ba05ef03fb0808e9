import { laplacianVariance } from '../../numeric/luminance.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import {
  blankGrey,
  type FaceAxes,
  type FaceRegion,
  isInFrame,
  sampleRegion,
} from './face-window.ts';

const FACE: FaceRegion = { left: -0.8, top: -0.5, width: 1.6, height: 1.6 };
const BESIDE: readonly FaceRegion[] = [
  { left: -2.2, top: -0.8, width: 0.8, height: 1.6 },
  { left: 1.4, top: -0.8, width: 0.8, height: 1.6 },
];

/**
 * Defocus: before a camera that is focused on the face a room behind it is softer, whereas all of a
 * picture lies in one plane, in focus or out of it together. About 0.25 ms.
 */
export class DefocusMeter {
  readonly #face = blankGrey(64, 64);
  readonly #beside = blankGrey(32, 64);

  /**
   * @returns natural logarithm of the sharpness beside the face over that of the face; undefined when
   *   neither side of the face is in the frame
   */
  measure(frame: RgbImage, axes: FaceAxes): number | undefined {
    let [sharpest, sides] = [0, 0];
    for (const region of BESIDE) {
      if (!isInFrame(axes, region, frame)) continue;
      sampleRegion(frame, axes, region, this.#beside);
      sharpest = Math.max(sharpest, laplacianVariance(this.#beside));
      sides += 1;
    }
    if (sides === 0) return undefined;
    sampleRegion(frame, axes, FACE, this.#face);
    return Math.log((sharpest + 1) / (laplacianVariance(this.#face) + 1));
  }
}
