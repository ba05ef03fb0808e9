import type { FaceShape } from '../face-shape.ts';
import type { Cue } from './cue.ts';
import { logSpread } from './window-statistics.ts';

const varying = (name: string, read: (shape: FaceShape) => number): Cue => ({
  name,
  kind: 'motion',
  measure: (window) => logSpread(window.map(({ shape }) => read(shape))),
});

/** How much the eyes open and shut, and the mouth moves. */
export const EXPRESSION_CUES: readonly Cue[] = [
  varying('left-eye-variation', ({ leftEyeRatio }) => leftEyeRatio),
  varying('right-eye-variation', ({ rightEyeRatio }) => rightEyeRatio),
  varying('mouth-opening-variation', ({ mouthOpening }) => mouthOpening),
  varying('mouth-width-variation', ({ mouthWidth }) => mouthWidth),
];
