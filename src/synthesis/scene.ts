import type { Canvas } from '../numeric/paint-triangles.ts';
import type { ScreenOptics } from './screen-light.ts';

/** What the camera is pointed at. */
export interface Scene {
  /** Of the screen in it; absent: there is none. */
  readonly screen: ScreenOptics | undefined;
  /** Whether the face painted last is that of a picture. */
  readonly showsPicture: boolean;
  /**
   * Covers the whole canvas with the scene of a moment.
   * @returns (468, 3) points of the shown face, pixels of the canvas; valid until the next call
   */
  readonly paint: (canvas: Canvas, seconds: number, frameIndex: number) => Float32Array;
}
