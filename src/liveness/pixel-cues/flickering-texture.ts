import { convolve3d, type Volume } from '../../numeric/convolution-3d.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import { blankGrey, type FaceAxes, type FaceRegion, sampleRegion } from './face-window.ts';

const FACE: FaceRegion = { left: -0.8, top: -0.6, width: 1.6, height: 1.6 };
const SIDE = 32;
/** Frames in the stack. */
const DEPTH = 6;

/** Second difference in space, times a kernel in time. */
function textureKernel(inTime: readonly [number, number, number]): Volume {
  const inSpace = [0, -1, 0, -1, 4, -1, 0, -1, 0];
  const data = Float32Array.from(
    inTime.flatMap((weight) => inSpace.map((value) => weight * value)),
  );
  return { data, depth: 3, height: 3, width: 3 };
}
/** Texture that stays from frame to frame, and texture that comes and goes between frames. */
const STEADY = textureKernel([1 / 3, 1 / 3, 1 / 3]);
const FLICKERING = textureKernel([-0.5, 1, -0.5]);

/**
 * Spatio-temporal texture: a 3-D convolution over the last frames of the face, eyes held in place. Skin
 * keeps its fine texture as it moves; the grid of a display, sampled anew in each frame, does not.
 * About 0.8 ms.
 */
export class FlickeringTexture {
  readonly #stack: Volume = {
    data: new Float32Array(DEPTH * SIDE * SIDE),
    depth: DEPTH,
    height: SIDE,
    width: SIDE,
  };
  readonly #grey = blankGrey(SIDE, SIDE);
  #frames = 0;

  /**
   * @returns natural logarithm of the energy of flickering over that of steady texture; undefined until
   *   the stack is full
   */
  measure(frame: RgbImage, axes: FaceAxes): number | undefined {
    const plane = SIDE * SIDE;
    this.#stack.data.copyWithin(0, plane);
    sampleRegion(frame, axes, FACE, this.#grey);
    this.#stack.data.set(this.#grey.data, (DEPTH - 1) * plane);
    this.#frames += 1;
    if (this.#frames < DEPTH) return undefined;
    const steady = energyOf(convolve3d(this.#stack, STEADY));
    return Math.log((energyOf(convolve3d(this.#stack, FLICKERING)) + 1e-3) / (steady + 1e-3));
  }

  reset(): void {
    this.#frames = 0;
  }
}

function energyOf({ data }: Volume): number {
  let sum = 0;
  for (const value of data) sum += value * value;
  return sum / data.length;
}
