import type { KeyFrame } from '../key-frame.ts';
import type { Cue } from './cue.ts';
import { EXPRESSION_CUES } from './expression-cues.ts';
import { HEAD_MOTION_CUES } from './head-motion-cues.ts';
import { PASSIVE_CUES } from './passive-cues.ts';
import { PLANARITY_CUES } from './planarity-cues.ts';

/** Every cue of the fusion; the order is that of a cue vector. */
export const ALL_CUES: readonly Cue[] = [
  ...PASSIVE_CUES,
  ...PLANARITY_CUES,
  ...EXPRESSION_CUES,
  ...HEAD_MOTION_CUES,
];

/** (cues) float64; NaN stands for a cue that is missing. */
export function cueVector(window: readonly KeyFrame[]): Float64Array {
  return Float64Array.from(ALL_CUES, (cue) => {
    const value = cue.measure(window);
    return value !== undefined && Number.isFinite(value) ? value : Number.NaN;
  });
}
