import type { Box } from '../domain/face.ts';
import type { FrameSize } from '../domain/frame.ts';
import { seededRandom } from '../numeric/random.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { clopperPearson, type Interval } from './clopper-pearson.ts';
import type { Progress } from './picture-encoder.ts';
import { recallScene } from './recall-scene.ts';

/** Boxes of all faces found in a picture. */
export type DetectFaces = (image: RgbImage) => Promise<readonly Box[]>;

export interface DetectionRecallOptions {
  /** Square portraits framed as in `LFW_FACE_SHARE`, each with a name for the list of misses. */
  readonly portraits: readonly { readonly name: string; readonly image: RgbImage }[];
  readonly detectFaces: DetectFaces;
  readonly frame?: FrameSize;
  readonly sizeRatios?: readonly number[];
  readonly seed?: number;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

export interface SizeRecall {
  /** Height of the face over the height of the frame. */
  readonly sizeRatio: number;
  readonly scenes: number;
  readonly found: number;
  readonly recall: number;
  readonly interval: Interval;
  /** Boxes that stand on no face, over all scenes of this size. */
  readonly falseFaces: number;
}

export interface Miss {
  readonly name: string;
  readonly sizeRatio: number;
  readonly across: number;
  readonly down: number;
  readonly exposureStops: number;
}

export interface DetectionRecallReport {
  readonly frame: FrameSize;
  readonly sizes: readonly SizeRecall[];
  /** The goal is read here: all sizes of at least `GOAL_SIZE_RATIO` together. */
  readonly recallAboveGoalSize: number;
  readonly misses: readonly Miss[];
}

export const GOAL_SIZE_RATIO = 0.08;
export const SIZE_RATIOS: readonly number[] = [
  0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95,
];
/** Dusk to glare. */
const EXPOSURES_STOPS = [-3, -2, -1, 0, 0.5, 1] as const;
const VGA: FrameSize = { widthPx: 640, heightPx: 480 };

/**
 * Sets every portrait into a scene at every size, at a seeded place and exposure, and counts how often
 * the detector finds it there.
 * @throws what the detector throws
 */
export async function detectionRecall(
  options: DetectionRecallOptions,
): Promise<DetectionRecallReport> {
  const { portraits, detectFaces, frame = VGA, sizeRatios = SIZE_RATIOS } = options;
  const random = seededRandom(options.seed ?? 1);
  const sizes: SizeRecall[] = [];
  const misses: Miss[] = [];
  for (const sizeRatio of sizeRatios) {
    let found = 0;
    let falseFaces = 0;
    for (const [index, { name, image }] of portraits.entries()) {
      options.signal?.throwIfAborted();
      const plan = {
        sizeRatio,
        across: random(),
        down: random(),
        exposureStops: EXPOSURES_STOPS[index % EXPOSURES_STOPS.length] ?? 0,
      };
      const scene = recallScene(image, { ...plan, frame, seed: Math.floor(random() * 2 ** 31) });
      const boxes = await detectFaces(scene.image);
      const hits = boxes.filter((box) => isOn(box, scene.face)).length;
      falseFaces += boxes.length - hits;
      if (hits > 0) found += 1;
      else misses.push({ name, ...plan });
      options.onProgress?.(
        sizes.length * portraits.length + index + 1,
        sizeRatios.length * portraits.length,
      );
    }
    sizes.push(sizeRecall(sizeRatio, { found, scenes: portraits.length, falseFaces }));
  }
  const counted = sizes.filter(({ sizeRatio }) => sizeRatio >= GOAL_SIZE_RATIO);
  const sum = (of: (size: SizeRecall) => number): number =>
    counted.reduce((total, size) => total + of(size), 0);
  return {
    frame,
    sizes,
    recallAboveGoalSize: sum(({ found }) => found) / sum(({ scenes }) => scenes),
    misses,
  };
}

function sizeRecall(
  sizeRatio: number,
  counts: Pick<SizeRecall, 'found' | 'scenes' | 'falseFaces'>,
): SizeRecall {
  return {
    sizeRatio,
    ...counts,
    recall: counts.found / counts.scenes,
    interval: clopperPearson(counts.found, counts.scenes),
  };
}

/**
 * The box's centre lies in the face, and its side is between half and twice the face's. No stricter:
 * portraits are framed by an older detector, whose box is off by up to a third of the face.
 */
export function isOn(box: Box, face: Box): boolean {
  const offX = Math.abs(box.xPx + box.widthPx / 2 - (face.xPx + face.widthPx / 2));
  const offY = Math.abs(box.yPx + box.heightPx / 2 - (face.yPx + face.heightPx / 2));
  const ratio = box.heightPx / face.heightPx;
  return Math.max(offX, offY) <= face.heightPx / 2 && ratio >= 0.5 && ratio <= 2;
}
