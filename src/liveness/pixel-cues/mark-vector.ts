import type { KeyFrame } from '../key-frame.ts';
import { PIXEL_CUES } from './pixel-evidence.ts';

/** (pixel cues) float64: means over the key frames of a track; NaN stands for a cue that is missing. */
export function markVector(window: readonly KeyFrame[]): Float64Array {
  return Float64Array.from(PIXEL_CUES, (cue) => {
    const values = window.flatMap(({ marks }) => marks?.[cue] ?? []);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  });
}
