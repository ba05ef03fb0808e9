import type { KeyFrame } from '../key-frame.ts';

/**
 * What a cue looks at. 'appearance' is seen in any single frame. 'motion' needs the person to move, so
 * its absence shows a still person as well as a still picture, and must never count as an attack.
 */
export type CueKind = 'appearance' | 'motion';

/** One number about a track; whether high or low is good is for the fit to say. */
export interface Cue {
  readonly name: string;
  readonly kind: CueKind;
  /**
   * @param window  key frames of one track, oldest first, at least two
   * @returns a finite number, or undefined when the track does not have what the cue needs
   */
  readonly measure: (window: readonly KeyFrame[]) => number | undefined;
}
