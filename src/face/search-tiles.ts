import type { FrameSize } from '../domain/frame.ts';
import type { SimilarityTransform } from '../numeric/similarity-transform.ts';

/** Side of a tile over the shorter side of the picture. */
const TILE_SHARE = 2 / 3;

/**
 * Overlapping squares that cover a picture, for a second look at what is too small in the whole:
 * each is two thirds of the shorter side, and neighbours overlap by at least half, so that any face up to
 * half a tile lies wholly in one of them.
 * @param inputSidePx  side of the model's square input
 * @returns one transform per tile, from coordinates of the input to coordinates of the picture
 */
export function searchTiles(picture: FrameSize, inputSidePx: number): SimilarityTransform[] {
  const side = Math.min(picture.widthPx, picture.heightPx) * TILE_SHARE;
  const scale = side / inputSidePx;
  return starts(picture.heightPx, side).flatMap((top) =>
    starts(picture.widthPx, side).map((left) => ({ a: scale, b: 0, dx: left, dy: top })),
  );
}

/** Where tiles begin along one axis: the first at the border, the last up to the other, evenly between. */
function starts(length: number, side: number): number[] {
  const steps = Math.ceil((length - side) / (side / 2));
  return Array.from({ length: steps + 1 }, (_, index) => ((length - side) * index) / steps);
}
