import type { TensorImage } from './sample-image.ts';

/** Mirrors the picture left to right, in place. */
export function flipHorizontally(image: TensorImage): void {
  const { data, widthPx, heightPx, pixelStride } = image;
  for (const offset of image.offsets) {
    for (let row = 0; row < heightPx; row += 1) {
      let left = offset + row * widthPx * pixelStride;
      let right = left + (widthPx - 1) * pixelStride;
      for (; left < right; left += pixelStride, right -= pixelStride) {
        const held = data[left]!;
        data[left] = data[right]!;
        data[right] = held;
      }
    }
  }
}
