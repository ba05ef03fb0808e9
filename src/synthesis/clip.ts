import type { Frame, FrameSize } from '../domain/frame.ts';
import { monotonicMs } from '../domain/units.ts';
import { blankCanvas, type Canvas } from '../numeric/paint-triangles.ts';
import { seededRandom } from '../numeric/random.ts';
import type { HeadActing } from './head-acting.ts';
import { makeScene } from './make-scene.ts';
import type { Portrait } from './portrait.ts';
import type { Scene } from './scene.ts';
import type { ScreenOptics } from './screen-light.ts';
import { Sensor } from './sensor.ts';
import type { Species } from './species.ts';

export interface ClipOptions {
  /** The person that the clip shows, alive or as a picture. */
  readonly portrait: Portrait;
  /** Who stands behind a picture, where one is seen; absent: the same person. */
  readonly attacker?: Portrait;
  readonly species: Species;
  readonly seed: number;
  readonly size: FrameSize;
  readonly framesPerSecond: number;
  readonly durationMs: number;
  /** Of a living person; the frames are then to be taken in order. */
  readonly acting?: HeadActing;
}

/** A frame with what is true of it. */
export interface SyntheticFrame extends Frame {
  /** (468, 3) where the points of the shown face really are, in pixels of the frame; z smaller is nearer. */
  readonly mesh: Float32Array;
  /** Whether that face is a picture's; of one that is slid in, not from the first frame on. */
  readonly showsPicture: boolean;
}

/** A clip of one person or of one attack; the same options give the same pixels. */
export interface SyntheticClip {
  readonly species: Species;
  readonly frameCount: number;
  /** Of the screen that is shown; absent: there is none. */
  readonly screen: ScreenOptics | undefined;
  /** Any frame, in any order. @param target  receives the pixels; absent: memory of its own */
  readonly frame: (index: number, target?: Uint8Array) => SyntheticFrame;
  readonly frames: () => Iterable<SyntheticFrame>;
}

export function generateClip(options: ClipOptions): SyntheticClip {
  const { size, framesPerSecond, durationMs, species, seed } = options;
  const random = seededRandom(seed);
  const scene: Scene = makeScene(options, random);
  const sensor = new Sensor(random, seed);
  const canvas: Canvas = blankCanvas(size.widthPx, size.heightPx);
  const frameCount = Math.floor((durationMs * framesPerSecond) / 1_000);
  const frame = (index: number, target?: Uint8Array): SyntheticFrame => {
    const seconds = index / framesPerSecond;
    const mesh = Float32Array.from(scene.paint(canvas, seconds, index));
    const rgb = target ?? new Uint8Array(3 * size.widthPx * size.heightPx);
    sensor.expose(canvas, rgb, index, seconds);
    const capturedAtMs = monotonicMs(1_000 * seconds);
    const { showsPicture } = scene;
    return { sequence: index, capturedAtMs, ...size, rgb, mesh, showsPicture };
  };
  function* frames(): Iterable<SyntheticFrame> {
    for (let index = 0; index < frameCount; index += 1) yield frame(index);
  }
  return { species, frameCount, screen: scene.screen, frame, frames };
}
