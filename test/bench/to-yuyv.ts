import type { FrameSize } from '../../src/domain/frame.ts';

const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

/** Packed RGB as a webcam sends it: BT.601, studio range, two pixels to four bytes. */
export function toYuyv(rgb: Uint8Array, { widthPx, heightPx }: FrameSize): Buffer {
  const yuyv = Buffer.alloc(2 * widthPx * heightPx);
  for (let pixel = 0; pixel < widthPx * heightPx; pixel += 2) {
    const [r0, g0, b0, r1, g1, b1] = rgb.subarray(3 * pixel, 3 * pixel + 6) as unknown as number[];
    const luma = (r: number, g: number, b: number): number =>
      byte(16 + 0.257 * r + 0.504 * g + 0.098 * b);
    const [r, g, b] = [(r0! + r1!) / 2, (g0! + g1!) / 2, (b0! + b1!) / 2];
    yuyv[2 * pixel] = luma(r0!, g0!, b0!);
    yuyv[2 * pixel + 1] = byte(128 - 0.148 * r - 0.291 * g + 0.439 * b);
    yuyv[2 * pixel + 2] = luma(r1!, g1!, b1!);
    yuyv[2 * pixel + 3] = byte(128 + 0.439 * r - 0.368 * g - 0.071 * b);
  }
  return yuyv;
}
