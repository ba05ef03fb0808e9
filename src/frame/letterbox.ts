import type { FrameSize } from '../domain/frame.ts';
import {
  fillWithBlack,
  type RgbImage,
  sampleImage,
  type TensorImage,
} from '../numeric/sample-image.ts';
import { ImageShrinker } from '../numeric/shrink-image.ts';
import { invertTransform, type SimilarityTransform } from '../numeric/similarity-transform.ts';

/** Up to here bilinear samples skip no pixel of the frame. */
const SHRINKS_BELOW = 0.5;

/**
 * Puts whole frames of one size into a model's square input, proportions kept, centred, the margins
 * black. Everything that depends on the size alone is computed once.
 */
export class Letterbox {
  /** Maps coordinates of the model's input to coordinates of the frame. */
  readonly toFrame: SimilarityTransform;
  readonly #frame: FrameSize;
  readonly #fill: number;
  readonly #target: TensorImage;
  readonly #shrinker: ImageShrinker | undefined;

  /**
   * Blackens the target's margins; nobody else may write there while the letterbox is in use.
   * @param fill  share of the input that the frame's longer side takes, in (0, 1]
   */
  constructor(frame: FrameSize, target: TensorImage, fill = 1) {
    const { widthPx: wide, heightPx: high } = target;
    const fit = Math.min(wide / frame.widthPx, high / frame.heightPx) * fill;
    const widthPx = Math.max(1, Math.round(frame.widthPx * fit));
    const heightPx = Math.max(1, Math.round(frame.heightPx * fit));
    const leftPx = Math.floor((wide - widthPx) / 2);
    const topPx = Math.floor((high - heightPx) / 2);
    this.#frame = { widthPx: frame.widthPx, heightPx: frame.heightPx };
    this.#fill = fill;
    this.#target = target;
    this.toFrame = invertTransform({ a: fit, b: 0, dx: leftPx, dy: topPx });
    this.#shrinker =
      fit <= SHRINKS_BELOW
        ? new ImageShrinker(frame, { leftPx, topPx, widthPx, heightPx })
        : undefined;
    fillWithBlack(target);
  }

  /** Whether this letterbox was made for such a frame. */
  fits(frame: FrameSize, fill: number): boolean {
    return (
      frame.widthPx === this.#frame.widthPx &&
      frame.heightPx === this.#frame.heightPx &&
      fill === this.#fill
    );
  }

  /** @param frame  of the size given at construction */
  write(frame: RgbImage): void {
    if (this.#shrinker === undefined) sampleImage(frame, this.toFrame, this.#target);
    else this.#shrinker.shrink(frame, this.#target);
  }
}
