import type { KeyFrame } from '../key-frame.ts';
import type { FaceMotion } from '../motion-meter.ts';

/**
 * What moved between the key frames of a window. The first key frame's motion began before the window
 * and is left out.
 */
export function motionsOf(
  window: readonly KeyFrame[],
  read: (motion: FaceMotion) => number,
): readonly number[] {
  return window.slice(1).flatMap(({ motion }) => (motion === undefined ? [] : [read(motion)]));
}
