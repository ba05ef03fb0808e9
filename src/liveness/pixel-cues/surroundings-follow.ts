import type { GreyImage } from '../../numeric/luminance.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import {
  blankGrey,
  type FaceAxes,
  type FaceRegion,
  isInFrame,
  sampleRegion,
} from './face-window.ts';

/** Beside the head, at the height of eyes and forehead: no hair, no shoulders, but paper, bezel or room. */
const BESIDE: readonly FaceRegion[] = [
  { left: -2.1, top: -1, width: 0.9, height: 1.4 },
  { left: 1.2, top: -1, width: 0.9, height: 1.4 },
];
const SIZE = { widthPx: 36, heightPx: 56 } as const;
/** A face that moved less, in pixels, tells nothing of what moves with it. */
const LEAST_MOVE_PX = 2.5;
/** Mean square that noise leaves between two pictures of the same thing. */
const NOISE_FLOOR = 4;

/**
 * Does what surrounds the face move with it? The edge of a print or the bezel of a screen moves rigidly
 * with the face on it, a room stays where it is when a head moves. Compares what is beside the face now
 * with what was there at a reference frame, once at places that go with the face and once at places of
 * the frame. About 0.2 ms.
 */
export class SurroundingsFollow {
  #reference: { readonly axes: FaceAxes; readonly pictures: readonly GreyImage[] } | undefined;
  readonly #now = blankGrey(SIZE.widthPx, SIZE.heightPx);
  /** Sums over the frames since the reference: those with the most motion weigh the most. */
  #following = 0;
  #staying = 0;

  /**
   * @returns natural logarithm of the difference at places that go with the face over the difference at
   *   places of the frame: < 0 when the surroundings follow the face, as those of a picture do; undefined
   *   while the face has not moved enough or no side of it is in the frame
   */
  measure(frame: RgbImage, axes: FaceAxes): number | undefined {
    const reference = this.#reference;
    if (reference === undefined) {
      this.#remember(frame, axes);
      return undefined;
    }
    const before = reference.axes;
    if (Math.hypot(axes.x - before.x, axes.y - before.y) < LEAST_MOVE_PX) return undefined;
    for (const [index, region] of BESIDE.entries()) {
      const picture = reference.pictures[index];
      if (picture === undefined) continue;
      if (!isInFrame(axes, region, frame) || !isInFrame(before, region, frame)) continue;
      sampleRegion(frame, axes, region, this.#now);
      this.#following += meanSquareDifference(picture, this.#now) + NOISE_FLOOR;
      sampleRegion(frame, before, region, this.#now);
      this.#staying += meanSquareDifference(picture, this.#now) + NOISE_FLOOR;
    }
    return this.#staying === 0 ? undefined : Math.log(this.#following / this.#staying);
  }

  reset(): void {
    this.#reference = undefined;
    this.#following = 0;
    this.#staying = 0;
  }

  #remember(frame: RgbImage, axes: FaceAxes): void {
    const pictures = BESIDE.map((region) => {
      const picture = blankGrey(SIZE.widthPx, SIZE.heightPx);
      sampleRegion(frame, axes, region, picture);
      return picture;
    });
    this.#reference = { axes, pictures };
  }
}

/** After the means are made alike, because exposure changes too. */
function meanSquareDifference(left: GreyImage, right: GreyImage): number {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < left.data.length; at += 1) {
    const difference = (left.data[at] ?? 0) - (right.data[at] ?? 0);
    sum += difference;
    squares += difference * difference;
  }
  const count = left.data.length;
  return squares / count - (sum / count) ** 2;
}
