import sharp from 'sharp';
import { BYTES_PER_PIXEL, type FrameSize, frameBytes } from '../domain/frame.ts';
import type { MonotonicMs } from '../domain/units.ts';
import type { CameraPicture } from './kiosk-message.ts';

/**
 * Copies the newest frame into `target` (widthPx * heightPx * 3 bytes of packed RGB) and says which
 * it was; undefined when there is none.
 */
export type GetFrame = (
  target: Uint8Array,
) => { readonly sequence: number; readonly capturedAtMs: MonotonicMs } | undefined;

/** Turns the newest camera frame into JPEG, one at a time, on the thread pool. */
export class MirrorEncoder {
  readonly #size: FrameSize;
  readonly #quality: number;
  readonly #getFrame: GetFrame;
  // The encoder reads this while the camera goes on writing into its own slots.
  readonly #rgb: Uint8Array;
  #lastSequence: number | undefined;
  #isBusy = false;

  constructor(size: FrameSize, quality: number, getFrame: GetFrame) {
    this.#size = size;
    this.#quality = quality;
    this.#getFrame = getFrame;
    this.#rgb = new Uint8Array(frameBytes(size));
  }

  /** The newest frame, unless it was encoded before or an encoding is still running. */
  async encodeNewest(): Promise<CameraPicture | undefined> {
    if (this.#isBusy) return undefined;
    const frame = this.#getFrame(this.#rgb);
    if (frame === undefined || frame.sequence === this.#lastSequence) return undefined;
    this.#isBusy = true;
    try {
      const jpeg = await sharp(this.#rgb, {
        raw: {
          width: this.#size.widthPx,
          height: this.#size.heightPx,
          channels: BYTES_PER_PIXEL,
        },
      })
        .jpeg({ quality: this.#quality })
        .toBuffer();
      this.#lastSequence = frame.sequence;
      return { sequence: frame.sequence, jpeg };
    } finally {
      this.#isBusy = false;
    }
  }
}
