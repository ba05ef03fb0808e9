import { similarityMotion } from '../../numeric/similarity-motion.ts';
import type { FaceShape } from '../face-shape.ts';
import type { KeyFrame } from '../key-frame.ts';
import type { Cue } from './cue.ts';
import { motionsOf } from './motions-of.ts';
import { logLargest, logMean, logRootMeanSquare, logSpread } from './window-statistics.ts';

const turning = (name: string, read: (shape: FaceShape) => number): Cue => ({
  name,
  kind: 'motion',
  measure: (window) => logSpread(window.map(({ shape }) => read(shape))),
});

/** How the head turns, sways, and comes nearer: a hand holds a picture in another way than a neck a head. */
export const HEAD_MOTION_CUES: readonly Cue[] = [
  turning('yaw-variation', ({ yaw }) => yaw),
  turning('pitch-variation', ({ pitch }) => pitch),
  turning('roll-variation', ({ roll }) => roll),
  {
    name: 'shift',
    kind: 'motion',
    measure: (window) => logMean(motionsOf(window, ({ shift }) => shift)),
  },
  {
    name: 'size-change',
    kind: 'motion',
    measure: (window) => logRootMeanSquare(motionsOf(window, ({ logScale }) => logScale)),
  },
  {
    name: 'farthest-shift',
    kind: 'motion',
    measure: (window) => logLargest(sinceFirst(window, ({ shift }) => shift)),
  },
  {
    name: 'largest-size-change',
    kind: 'motion',
    measure: (window) => logLargest(sinceFirst(window, ({ logScale }) => logScale)),
  },
];

/** Motion of every later key frame against the first of the window. */
function sinceFirst(
  [first, ...later]: readonly KeyFrame[],
  read: (motion: { readonly shift: number; readonly logScale: number }) => number,
): readonly number[] {
  if (first === undefined) return [];
  return later.map(({ points, shape }) => {
    const { shift, scale } = similarityMotion(first.points, points);
    const unit = Math.sqrt(first.shape.interEyePx * shape.interEyePx);
    return read({ shift: shift / unit, logScale: Math.log(scale) });
  });
}
