import type { FaceMotion } from '../motion-meter.ts';
import type { Cue } from './cue.ts';
import { motionsOf } from './motions-of.ts';
import { logLargest, logMean, meanOfLogs } from './window-statistics.ts';

type Feature = keyof FaceMotion['unflat'];

const unflat = (feature: Feature): Cue => ({
  name: `unflat-${feature}`,
  kind: 'motion',
  measure: (window) => logMean(motionsOf(window, (motion) => motion.unflat[feature])),
});

/**
 * A face is not flat: what the best homography cannot explain of the motion between key frames, feature
 * by feature, and which share of all change of shape that is. The last cue allows a picture to be bent.
 */
export const PLANARITY_CUES: readonly Cue[] = [
  unflat('left-eye'),
  unflat('right-eye'),
  unflat('mouth'),
  unflat('brows'),
  unflat('outline'),
  unflat('nose'),
  unflat('skin'),
  {
    name: 'unflat-eyes-peak',
    kind: 'motion',
    measure: (window) =>
      logLargest(
        motionsOf(window, ({ unflat: left }) => Math.max(left['left-eye'], left['right-eye'])),
      ),
  },
  {
    name: 'unflat-share',
    kind: 'motion',
    measure: (window) => meanOfLogs(motionsOf(window, ({ unflatShare }) => unflatShare)),
  },
  {
    name: 'unbent-share',
    kind: 'motion',
    measure: (window) => meanOfLogs(motionsOf(window, ({ unbentShare }) => unbentShare)),
  },
];
