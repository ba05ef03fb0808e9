import type { FrameSize } from '../domain/frame.ts';
import {
  fillWithBlack,
  type RgbImage,
  sampleImage,
  type TensorImage,
} from '../numeric/sample-image.ts';
import { ImageShrinker } from '../numeric/shrink-image.ts';
import { invertTransform, type SimilarityTransform } from '../numeric/similarity-transform.ts';

/**
 * Puts whole frames of one size into a model's square input, proportions kept, centred, the margins
 * black. Everything that depends on the size alone is computed once.
 */
export class Letterbox {
  /** Maps coordinates of the model's input to coordinates of the frame. */
  readonly toFrame: SimilarityTransform;
  readonly #target: TensorImage;
  readonly #shrinker: ImageShrinker | undefined;

  constructor(frame: FrameSize, target: TensorImage) {
    const fit = Math.min(target.widthPx / frame.widthPx, target.heightPx / frame.heightPx);
    const widthPx = Math.max(1, Math.round(frame.widthPx * fit));
    const heightPx = Math.max(1, Math.round(frame.heightPx * fit));
    const leftPx = Math.floor((target.widthPx - widthPx) / 2);
    const topPx = Math.floor((target.heightPx - heightPx) / 2);
    this.#target = target;
    this.toFrame = invertTransform({ a: fit, b: 0, dx: leftPx, dy: topPx });
    this.#shrinker =
      fit < 1 ? new ImageShrinker(frame, { leftPx, topPx, widthPx, heightPx }) : undefined;
    if (this.#shrinker !== undefined) fillWithBlack(target);
  }

  /** @param frame  of the size given at construction */
  write(frame: RgbImage): void {
    if (this.#shrinker === undefined) sampleImage(frame, this.toFrame, this.#target);
    else this.#shrinker.shrink(frame, this.#target);
  }
}
