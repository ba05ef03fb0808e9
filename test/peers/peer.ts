import type { RgbImage } from '../../src/numeric/sample-image.ts';

/** A face library as its makers ship it, driven through its own public interface. */
export interface Peer {
  readonly name: string;
  /** What it does for each frame, in words. */
  readonly tasks: string;
  /** All tasks on one frame of a video. @returns faces found */
  observe(frame: RgbImage): Promise<number>;
  /** The vector of the largest face in a photograph; undefined: no face was found. */
  encode(photo: RgbImage): Promise<Float32Array | undefined>;
  /** Larger: more alike. Each library's own measure. */
  compare(left: Float32Array, right: Float32Array): number;
  close(): Promise<void>;
}
