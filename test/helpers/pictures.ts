import type { RgbImage, TensorImage } from '../../src/numeric/sample-image.ts';

/** A picture whose pixels are computed from their place. */
export function paintedImage(
  widthPx: number,
  heightPx: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): RgbImage {
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) rgb.set(colour(x, y), (y * widthPx + x) * 3);
  }
  return { rgb, widthPx, heightPx };
}

/** An NCHW target that takes raw values as they are. */
export function rawTarget(widthPx: number, heightPx: number): TensorImage {
  const plane = widthPx * heightPx;
  return {
    data: new Float32Array(plane * 3).fill(Number.NaN),
    widthPx,
    heightPx,
    pixelStride: 1,
    offsets: [0, plane, 2 * plane],
    scales: [1, 1, 1],
    biases: [0, 0, 0],
  };
}

export function pixelAt(target: TensorImage, x: number, y: number): [number, number, number] {
  const at = (y * target.widthPx + x) * target.pixelStride;
  const [red, green, blue] = target.offsets;
  return [target.data[red + at]!, target.data[green + at]!, target.data[blue + at]!];
}
