import type { KeyFrame } from '../key-frame.ts';

/**
 * What a cue looks at.
 * 'appearance': how the picture is made, seen in any single frame.
 * 'motion': needs the person to move. Its absence shows a still person as well as a still picture, so it
 * must never count as an attack; but nobody is found bona fide against it.
 * How a face is held still is no kind of cue: whoever chooses the picture chooses that too.
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
