import type { MonotonicMs } from '../../domain/units.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import { DefocusMeter } from './defocus.ts';
import { faceColours } from './face-colours.ts';
import { faceAxes } from './face-window.ts';
import { FlickeringTexture } from './flickering-texture.ts';
import { MoireMeter } from './moire.ts';
import { PulseMeter } from './pulse.ts';
import { RefreshBands } from './refresh-bands.ts';
import { SurroundingsFollow } from './surroundings-follow.ts';

/** What the pixels of one frame, or of a few in a row, tell; whether high or low is good is for a fit to say. */
export const PIXEL_CUES = [
  'surroundings-follow',
  'moire',
  'refresh-bands',
  'black-level',
  'saturation',
  'blueness',
  'highlights',
  'defocus',
  'flickering-texture',
  'pulse',
] as const;

export type PixelCue = (typeof PIXEL_CUES)[number];

/** A cue that is not there is undefined: no evidence either way. */
export type PixelEvidence = Readonly<Record<PixelCue, number | undefined>>;

/** All cues that look at pixels, over one track. Costs about 2 ms a frame of 640 x 480. */
export class PixelEvidenceMeter {
  readonly #surroundings = new SurroundingsFollow();
  readonly #moire = new MoireMeter();
  readonly #bands = new RefreshBands();
  readonly #defocus = new DefocusMeter();
  readonly #texture = new FlickeringTexture();
  readonly #pulse = new PulseMeter();

  /**
   * Takes in one frame, in order of capture, at the camera's own rate.
   * @param mesh  (468, 3) pixels of the frame
   * @returns undefined when the mesh is no face
   */
  observe(frame: RgbImage, mesh: Float32Array, atMs: MonotonicMs): PixelEvidence | undefined {
    const axes = faceAxes(mesh);
    if (axes === undefined) return undefined;
    const colours = faceColours(frame, axes);
    this.#pulse.observe(frame, axes, atMs);
    return {
      'surroundings-follow': this.#surroundings.measure(frame, axes),
      moire: this.#moire.measure(frame, axes),
      'refresh-bands': this.#bands.measure(frame, axes),
      'black-level': colours?.blackLevel,
      saturation: colours?.saturation,
      blueness: colours?.blueness,
      highlights: colours?.highlights,
      defocus: this.#defocus.measure(frame, axes),
      'flickering-texture': this.#texture.measure(frame, axes),
      pulse: this.#pulse.measure()?.clarity,
    };
  }

  /** Another track begins. */
  reset(): void {
    this.#surroundings.reset();
    this.#bands.reset();
    this.#texture.reset();
    this.#pulse.reset();
  }
}
