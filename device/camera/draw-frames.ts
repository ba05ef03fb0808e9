import { type FrameSize, frameBytes } from '../../src/domain/frame.ts';
import type { SceneScript } from './scene-camera.ts';
import { SceneRenderer } from './scene-renderer.ts';

export interface DrawnStretch {
  readonly size: FrameSize;
  /** Draws in [0, 1) for the sensor's noise. */
  readonly random: () => number;
  /** Moment of the script at which the first frame is taken, and the time between two. */
  readonly fromMs: number;
  readonly everyMs: number;
  readonly count: number;
}

/** Frames of a scene drawn at once, for measurements that drawing must not disturb: packed RGB each. */
export function drawFrames(script: SceneScript, stretch: DrawnStretch): readonly Uint8Array[] {
  const { size, random, fromMs, everyMs, count } = stretch;
  const renderer = new SceneRenderer(size, random);
  return Array.from({ length: count }, (_, index) => {
    const frame = new Uint8Array(frameBytes(size));
    renderer.render(frame, script(fromMs + index * everyMs), index);
    return frame;
  });
}
