import type { Box } from '../domain/face.ts';
import type { MonotonicMs } from '../domain/units.ts';
import type { RgbImage } from '../numeric/sample-image.ts';

/** What the passive networks say of one frame. */
export interface PassiveScores {
  /** Class probabilities of the network on the wide crop (2.7 times the box); class 0 is bona fide. */
  readonly wide: readonly [number, number, number];
  /** The same on the tight crop (2.0 times the box). */
  readonly tight: readonly [number, number, number];
  /** The second network's score in [0, 1]; absent where it is not run. */
  readonly antispoof?: number;
}

/** What the liveness stage is told of one frame of the subject. */
export interface LivenessSample {
  readonly capturedAtMs: MonotonicMs;
  readonly trackId: number;
  /** (468, 3) x, y in pixels of the frame, row-major; z is not read. */
  readonly mesh: Float32Array;
  readonly box: Box;
  /** The detector's, in [0, 1]. */
  readonly detectorScore: number;
  /** Absent: not run on this frame. */
  readonly passive: PassiveScores | undefined;
  /** The frame itself, for the cues that look at pixels; absent in records that hold numbers only. */
  readonly picture?: RgbImage;
}
