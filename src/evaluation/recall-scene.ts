import type { Box } from '../domain/face.ts';
import { BYTES_PER_PIXEL, type FrameSize } from '../domain/frame.ts';
import { seededRandom } from '../numeric/random.ts';
import { type RgbImage, sampleImage, type TensorImage } from '../numeric/sample-image.ts';

/** Where and how a portrait is set into a scene. */
export interface ScenePlan {
  readonly frame: FrameSize;
  /** Height of the face over the height of the frame, in (0, 1]. */
  readonly sizeRatio: number;
  /** Where the face stands within the room it has: 0 left or top, 1 right or bottom. */
  readonly across: number;
  readonly down: number;
  /** Exposure of the whole scene against the portrait's own, in stops: -1 is half the light. */
  readonly exposureStops: number;
  /** Of the background. */
  readonly seed: number;
}

export interface Scene {
  readonly image: RgbImage;
  /** Where the face is. */
  readonly face: Box;
}

/**
 * A portrait framed as in Labeled Faces in the Wild: the face's box is a square about the picture's centre, its side
 * 1/2.2 of the picture's (the published recipe enlarged the detector's box 2.2 times).
 */
export const LFW_FACE_SHARE = 1 / 2.2;

/** Bytes of a picture grow about with this root of the light. */
const GAMMA = 2.2;

/**
 * Sets a portrait into a room of soft random patches, at a known place and size.
 * @param portrait  square, framed as in `LFW_FACE_SHARE`
 */
export function recallScene(portrait: RgbImage, plan: ScenePlan): Scene {
  const { widthPx, heightPx } = plan.frame;
  const sidePx = plan.sizeRatio * heightPx;
  const face: Box = {
    xPx: plan.across * (widthPx - sidePx),
    yPx: plan.down * (heightPx - sidePx),
    widthPx: sidePx,
    heightPx: sidePx,
  };
  const scale = (portrait.heightPx * LFW_FACE_SHARE) / sidePx;
  const portraitSidePx = portrait.heightPx / scale;
  const left = face.xPx + sidePx / 2 - portraitSidePx / 2;
  const top = face.yPx + sidePx / 2 - portraitSidePx / 2;
  const canvas = blankCanvas(plan.frame);
  sampleImage(portrait, { a: scale, b: 0, dx: -left * scale, dy: -top * scale }, canvas);
  const rgb = softBackground(plan.frame, plan.seed);
  const gain = 2 ** (plan.exposureStops / GAMMA);
  for (let row = 0; row < heightPx; row += 1) {
    for (let column = 0; column < widthPx; column += 1) {
      const inPortrait =
        column >= left &&
        row >= top &&
        column < left + portraitSidePx &&
        row < top + portraitSidePx;
      const at = (row * widthPx + column) * BYTES_PER_PIXEL;
      for (let channel = 0; channel < BYTES_PER_PIXEL; channel += 1) {
        const value = (inPortrait ? canvas.data[at + channel] : rgb[at + channel]) ?? 0;
        rgb[at + channel] = Math.max(0, Math.min(255, Math.round(value * gain)));
      }
    }
  }
  return { image: { rgb, widthPx, heightPx }, face };
}

/** Interleaved float picture in the units of the bytes. */
function blankCanvas({ widthPx, heightPx }: FrameSize): TensorImage {
  return {
    data: new Float32Array(widthPx * heightPx * BYTES_PER_PIXEL),
    widthPx,
    heightPx,
    pixelStride: BYTES_PER_PIXEL,
    offsets: [0, 1, 2],
    scales: [1, 1, 1],
    biases: [0, 0, 0],
  };
}

/** A coarse grid of random colours, interpolated: walls and furniture without any edge that could be a face. */
function softBackground(frame: FrameSize, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const grid: RgbImage = {
    rgb: Uint8Array.from({ length: 8 * 6 * BYTES_PER_PIXEL }, () => 40 + 170 * random()),
    widthPx: 8,
    heightPx: 6,
  };
  const canvas = blankCanvas(frame);
  const shrink = 5 / frame.heightPx;
  sampleImage(grid, { a: shrink, b: 0, dx: 0.5, dy: 0.5 }, canvas);
  return Uint8Array.from(canvas.data);
}
