import { ALL_CUES, cueVector } from '../liveness/cues/all-cues.ts';
import { padKeyFrames } from './pad-samples.ts';
import type { PadTrack } from './pad-tracks.ts';

/** Time between key frames; see docs/liveness.md for why not less. */
export const CADENCE_MS = 750;
/** Tracks of two key frames and more can be scored; of more than thirteen (9 s) the newest count. */
export const HORIZONS = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;

/**
 * Windows of one clip that a fit learns from at each horizon: the first tells what the start of a track
 * looks like, the others that it might have started a little later.
 */
const WINDOWS = 6;

/** The cues of one clip over tracks of each length. */
export interface PadExample {
  readonly clip: string;
  readonly person: string;
  readonly species: string;
  /** When each key frame was taken, from the start of the track. */
  readonly keyFrameTimesMs: readonly number[];
  /** (windows) of (cues), per number of key frames; the first window is the start of the track. */
  readonly windows: ReadonlyMap<number, readonly Float64Array[]>;
}

export const CUE_NAMES: readonly string[] = ALL_CUES.map(({ name }) => name);

export function padExample(track: PadTrack): PadExample {
  // No more than the longest horizon: later frames of the longer clips would be of one class only.
  const keyFrames = padKeyFrames(track, CADENCE_MS).slice(0, Math.max(...HORIZONS));
  const windows = new Map<number, readonly Float64Array[]>();
  for (const length of HORIZONS) {
    const last = keyFrames.length - length;
    if (last < 0) continue;
    const count = Math.min(WINDOWS, last + 1);
    windows.set(
      length,
      Array.from({ length: count }, (_, index) => {
        const start = count === 1 ? 0 : Math.round((index * last) / (count - 1));
        return cueVector(keyFrames.slice(start, start + length));
      }),
    );
  }
  return {
    clip: track.clip,
    person: track.person,
    species: track.species,
    keyFrameTimesMs: keyFrames.map(({ capturedAtMs }) => capturedAtMs),
    windows,
  };
}
