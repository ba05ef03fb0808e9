import type { MonotonicMs } from './units.ts';

/** One captured image. */
export interface Frame {
  /** Counts up by one per captured frame; a gap means dropped frames. */
  readonly sequence: number;
  /** When the last byte of the frame arrived. */
  readonly capturedAtMs: MonotonicMs;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Packed RGB, 8 bits a channel, row-major, no padding: widthPx * heightPx * 3 bytes. */
  readonly rgb: Uint8Array;
}

export interface FrameSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

export const BYTES_PER_PIXEL = 3;

export const frameBytes = (size: FrameSize): number =>
  size.widthPx * size.heightPx * BYTES_PER_PIXEL;
