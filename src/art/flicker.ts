import { seededRandom } from '../numeric/random.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { PictureSize } from './painting-graph.ts';

/** A scene whose motion is known because it is a window that moves over a photograph. */
export interface Scene {
  readonly photo: RgbImage;
  /** What the camera sees of it. */
  readonly window: PictureSize;
  readonly frames: number;
  /** How far the window moves between two frames; 0 is a still scene. */
  readonly stepPx: { readonly x: number; readonly y: number };
  /** Deviation of the camera's noise, in levels of 255. */
  readonly noise: number;
  readonly seed: number;
}

/** Mean absolute differences between a frame and the one before moved onto it, in levels of 255. */
export interface Flicker {
  /** Of what the camera sees. */
  readonly seen: number;
  readonly painted: number;
}

/**
 * How restless painting makes a scene.
 * @param paint may give back a buffer of its own
 */
export async function measureFlicker(
  scene: Scene,
  paint: (frame: RgbImage) => Promise<Uint8Array>,
): Promise<Flicker> {
  const random = seededRandom(scene.seed);
  const sums = { seen: 0, painted: 0 };
  let before: { readonly seen: Uint8Array; readonly painted: Uint8Array } | undefined;
  for (let index = 0; index < scene.frames; index++) {
    const frame = frameOf(scene, index, random);
    const now = { seen: frame.rgb, painted: (await paint(frame)).slice() };
    if (before !== undefined) {
      sums.seen += warpedDifference(before.seen, now.seen, scene);
      sums.painted += warpedDifference(before.painted, now.painted, scene);
    }
    before = now;
  }
  const pairs = Math.max(1, scene.frames - 1);
  return { seen: sums.seen / pairs, painted: sums.painted / pairs };
}

function frameOf(
  { photo, window, stepPx, noise }: Scene,
  index: number,
  random: () => number,
): RgbImage {
  const { widthPx, heightPx } = window;
  const rgb = new Uint8Array(3 * widthPx * heightPx);
  const [left, top] = [index * stepPx.x, index * stepPx.y];
  let to = 0;
  for (let y = 0; y < heightPx; y++) {
    let from = 3 * ((top + y) * photo.widthPx + left);
    for (let x = 0; x < 3 * widthPx; x++, from++) {
      // The sum of three draws is near enough to normal: its variance is a quarter.
      const disturbed = (photo.rgb[from] ?? 0) + 2 * noise * (random() + random() + random() - 1.5);
      rgb[to++] = Math.min(255, Math.max(0, Math.round(disturbed)));
    }
  }
  return { rgb, widthPx, heightPx };
}

/** Over what both frames show. */
function warpedDifference(
  before: Uint8Array,
  now: Uint8Array,
  { window, stepPx }: Pick<Scene, 'window' | 'stepPx'>,
): number {
  const { widthPx, heightPx } = window;
  let sum = 0;
  let count = 0;
  for (let y = 0; y + stepPx.y < heightPx; y++) {
    const row = 3 * y * widthPx;
    const rowBefore = 3 * ((y + stepPx.y) * widthPx + stepPx.x);
    const length = 3 * (widthPx - stepPx.x);
    for (let x = 0; x < length; x++) {
      sum += Math.abs((now[row + x] ?? 0) - (before[rowBefore + x] ?? 0));
    }
    count += length;
  }
  return sum / count;
}
