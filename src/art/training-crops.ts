import { type RandomSource, seededRandom } from '../numeric/random.ts';
import type { RgbImage } from '../numeric/sample-image.ts';

export interface CropOptions {
  readonly cropPx: number;
  readonly pairs: number;
  readonly seed: number;
}

/** What one step of training is shown. */
export interface Crops {
  /** (2 pairs, 3, crop, crop) in [0, 1]: all first views, then all second ones. */
  readonly pictures: Float32Array;
  /** (crop, crop) each: the motion from first to second view, as {@link motionMatrix}. */
  readonly rows: Float32Array;
  readonly columns: Float32Array;
}

/** Farthest motion between the two views. */
const MOTION_PX = 6;
/** Deviation of the noise in the second view, and the most that its exposure differs. */
const NOISE = 0.03;
const EXPOSURE = 0.04;

/**
 * Draws what a step is shown; the same seed and step always give the same.
 * @param photos each at least crop + 12 px both ways
 */
export function drawCrops(
  photos: readonly RgbImage[],
  step: number,
  { cropPx, pairs, seed }: CropOptions,
): Crops {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(step + 1, 0x85ebca6b));
  const area = cropPx * cropPx;
  const pictures = new Float32Array(2 * pairs * 3 * area);
  const [dy, dx] = [drawMotion(random), drawMotion(random)];
  for (let pair = 0; pair < pairs; pair++) {
    const photo = photos[Math.floor(random() * photos.length)];
    if (photo === undefined) continue;
    // The window of the second view is moved the other way, so that its content moves by (dy, dx).
    const y = drawWithin(random, photo.heightPx - cropPx, dy);
    const x = drawWithin(random, photo.widthPx - cropPx, dx);
    const mirrored = random() < 0.5;
    const first = { y, x, mirrored, out: pictures.subarray(pair * 3 * area) };
    const second = {
      y: y - dy,
      x: mirrored ? x + dx : x - dx,
      mirrored,
      out: pictures.subarray((pairs + pair) * 3 * area),
    };
    copyCrop(photo, cropPx, first);
    copyCrop(photo, cropPx, second);
    disturb(second.out.subarray(0, 3 * area), random);
  }
  return { pictures, rows: motionMatrix(cropPx, dy), columns: transposed(cropPx, dx) };
}

/**
 * The matrix that moves rows down by a number of pixels when it stands to the left: ones on a side
 * diagonal, and nothing where the first view has nothing to show.
 */
export function motionMatrix(size: number, byPx: number): Float32Array {
  const matrix = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    const from = row - byPx;
    if (from >= 0 && from < size) matrix[row * size + from] = 1;
  }
  return matrix;
}

/** The same for columns and to the right, when it stands to the right. */
const transposed = (size: number, byPx: number): Float32Array => motionMatrix(size, -byPx);

const drawMotion = (random: RandomSource): number =>
  Math.floor(random() * (2 * MOTION_PX + 1)) - MOTION_PX;

/** A first window such that it and the moved one lie within. */
function drawWithin(random: RandomSource, room: number, byPx: number): number {
  const reach = Math.abs(byPx);
  return Math.min(room, reach) + Math.floor(random() * Math.max(1, room - 2 * reach + 1));
}

interface Window {
  readonly y: number;
  readonly x: number;
  readonly mirrored: boolean;
  /** Filled from its start: (3, crop, crop). */
  readonly out: Float32Array;
}

function copyCrop({ rgb, widthPx, heightPx }: RgbImage, cropPx: number, window: Window): void {
  const { mirrored, out } = window;
  const top = Math.min(heightPx - cropPx, Math.max(0, window.y));
  const left = Math.min(widthPx - cropPx, Math.max(0, window.x));
  const area = cropPx * cropPx;
  for (let y = 0; y < cropPx; y++) {
    for (let x = 0; x < cropPx; x++) {
      const column = left + (mirrored ? cropPx - 1 - x : x);
      const from = 3 * ((top + y) * widthPx + column);
      const to = y * cropPx + x;
      for (let plane = 0; plane < 3; plane++) {
        out[plane * area + to] = (rgb[from + plane] ?? 0) / 255;
      }
    }
  }
}

/** Noise and exposure as a camera changes them between two frames. */
function disturb(pixels: Float32Array, random: RandomSource): void {
  const exposure = 1 + EXPOSURE * (2 * random() - 1);
  for (let index = 0; index < pixels.length; index++) {
    // The sum of three draws is near enough to normal: its variance is a quarter.
    const noise = NOISE * 2 * (random() + random() + random() - 1.5);
    const value = (pixels[index] ?? 0) * exposure + noise;
    pixels[index] = Math.min(1, Math.max(0, value));
  }
}
