import { assertSameLength } from './shape-check.ts';

/** A block of numbers, for example a stack of grey pictures: depth is time. */
export interface Volume {
  /** (depth, height, width) float32, row-major. */
  readonly data: Float32Array;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Convolution of a volume with a kernel in all three directions, without padding.
 * @returns  (D - d + 1, H - h + 1, W - w + 1); empty when the kernel is larger in any direction
 * @throws PORTICO_NUMERIC_SHAPE when a length does not fit its shape
 */
export function convolve3d(volume: Volume, kernel: Volume): Volume {
  for (const { data, depth, height, width } of [volume, kernel]) {
    assertSameLength('convolve3d', data.length, depth * height * width);
  }
  const depth = Math.max(0, volume.depth - kernel.depth + 1);
  const height = Math.max(0, volume.height - kernel.height + 1);
  const width = Math.max(0, volume.width - kernel.width + 1);
  const data = new Float32Array(depth * height * width);
  let tap = kernel.data.length;
  // Tap by tap over whole rows: the inner loop is a plain multiply-add.
  for (let d = 0; d < kernel.depth; d += 1) {
    for (let h = 0; h < kernel.height; h += 1) {
      for (let w = 0; w < kernel.width; w += 1) {
        tap -= 1;
        const weight = kernel.data[tap]!;
        if (weight === 0) continue;
        let at = 0;
        for (let z = 0; z < depth; z += 1) {
          for (let y = 0; y < height; y += 1) {
            let from = ((z + d) * volume.height + y + h) * volume.width + w;
            for (let x = 0; x < width; x += 1) data[at++]! += volume.data[from++]! * weight;
          }
        }
      }
    }
  }
  return { data, depth, height, width };
}
