import type { MonotonicMs } from '../domain/units.ts';
import type { FaceShape } from './face-shape.ts';
import type { FaceMotion } from './motion-meter.ts';
import type { PixelEvidence } from './pixel-cues/pixel-evidence.ts';

/** Log-odds log(p / (1 - p)) of the passive networks. */
export interface PassiveEvidence {
  readonly wideBonaFide: number;
  readonly wideSecond: number;
  readonly tightBonaFide: number;
  readonly tightSecond: number;
  readonly antispoof: number | undefined;
}

/** One of the frames, at a fixed cadence, that the cues are computed from. */
export interface KeyFrame {
  readonly capturedAtMs: MonotonicMs;
  /** (468, 2) float64, pixels of the frame. */
  readonly points: Float64Array;
  readonly shape: FaceShape;
  /** Means over the frames since the key frame before; absent when the networks ran on none. */
  readonly passive: PassiveEvidence | undefined;
  /** Since the key frame before; absent for the first of a track. */
  readonly motion: FaceMotion | undefined;
  /** Over the frames since the key frame before; absent when there were no pixels to look at. */
  readonly marks: PixelEvidence | undefined;
}
