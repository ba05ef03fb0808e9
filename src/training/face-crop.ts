import type { FiveLandmarks } from '../domain/face.ts';
import type { RandomSource } from '../numeric/random.ts';
import { type RgbImage, sampleImage } from '../numeric/sample-image.ts';
import { fitSimilarity, invertTransform } from '../numeric/similarity-transform.ts';
import { SMALL_FACE_PX } from './small-encoder.ts';

/** Where the five landmarks belong, as shares of the side: eyes, nose, corners of the mouth. */
const PLACES = [
  [0.34, 0.46],
  [0.66, 0.46],
  [0.5, 0.64],
  [0.37, 0.82],
  [0.63, 0.82],
] as const;
const TEMPLATE = PLACES.map(([x, y]) => ({
  xPx: x * SMALL_FACE_PX,
  yPx: y * SMALL_FACE_PX,
}));

const PIXELS = SMALL_FACE_PX ** 2;
const SCALE = 1 / 127.5;
/** Largest change of a colour by augmentation, as a factor. */
const LIGHT = 0.2;
/** Largest shift by augmentation, in pixels. */
const SHIFT_PX = 2;

/** @returns (3, 48, 48) in [-1, 1], the face where the template says */
export function faceCrop(photo: RgbImage, landmarks: FiveLandmarks): Float32Array {
  const data = new Float32Array(3 * PIXELS);
  sampleImage(photo, invertTransform(fitSimilarity(landmarks, TEMPLATE)), {
    data,
    widthPx: SMALL_FACE_PX,
    heightPx: SMALL_FACE_PX,
    pixelStride: 1,
    offsets: [0, PIXELS, 2 * PIXELS],
    scales: [SCALE, SCALE, SCALE],
    biases: [-1, -1, -1],
  });
  return data;
}

/** The crop mirrored or not, moved by up to two pixels, and lit a little differently. */
export function augmentCrop(crop: Float32Array, random: RandomSource): Float32Array {
  const isMirrored = random() < 0.5;
  const gain = 1 + LIGHT * (2 * random() - 1);
  const shift = () => Math.round(SHIFT_PX * (2 * random() - 1));
  const [dx, dy] = [shift(), shift()];
  const within = (value: number): number => Math.max(0, Math.min(SMALL_FACE_PX - 1, value));
  const result = new Float32Array(crop.length);
  for (let y = 0; y < SMALL_FACE_PX; y += 1) {
    const fromY = within(y + dy) * SMALL_FACE_PX;
    for (let x = 0; x < SMALL_FACE_PX; x += 1) {
      const movedX = within(x + dx);
      const from = fromY + (isMirrored ? SMALL_FACE_PX - 1 - movedX : movedX);
      const to = y * SMALL_FACE_PX + x;
      for (let plane = 0; plane < crop.length; plane += PIXELS) {
        result[to + plane] = gain * (crop[from + plane] ?? 0);
      }
    }
  }
  return result;
}
