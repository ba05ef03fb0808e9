import { elementCount } from '../graph/tensor.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { PictureSize } from './painting-graph.ts';

/** A colour picture as the painters hold it: planes of red, green and blue, values in [0, 1]. */
export interface Picture extends PictureSize {
  /** (3, height, width), row-major. */
  readonly planes: Float32Array;
}

/** Packed bytes as planes in [0, 1]. */
export function pictureOf({ rgb, widthPx, heightPx }: RgbImage): Picture {
  const area = widthPx * heightPx;
  const planes = new Float32Array(3 * area);
  for (let pixel = 0; pixel < area; pixel += 1) {
    for (let plane = 0; plane < 3; plane += 1) {
      planes[plane * area + pixel] = (rgb[3 * pixel + plane] ?? 0) / 255;
    }
  }
  return { widthPx, heightPx, planes };
}

/** The size with the given longer side, proportions kept; at least one pixel each way. */
export function sizeWithin({ widthPx, heightPx }: PictureSize, longSidePx: number): PictureSize {
  const factor = longSidePx / Math.max(widthPx, heightPx);
  return {
    widthPx: Math.max(1, Math.round(widthPx * factor)),
    heightPx: Math.max(1, Math.round(heightPx * factor)),
  };
}

/** Which source pixels make one target pixel, and how much of each. */
interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** A triangle as wide as one target pixel, or as one source pixel where that is wider. */
function tapsOf(from: number, to: number): readonly Taps[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, index) => {
    const centre = (index + 0.5) * scale - 0.5;
    const first = Math.max(0, Math.ceil(centre - reach));
    const last = Math.min(from - 1, Math.floor(centre + reach));
    const raw = Array.from({ length: last - first + 1 }, (_each, offset) =>
      Math.max(0, 1 - Math.abs(first + offset - centre) / reach),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { first, weights: raw.map((weight) => weight / sum) };
  });
}

/** Planes of any number at another size, without aliasing when they shrink. */
export function resizePlanes(
  planes: Float32Array,
  from: PictureSize,
  to: PictureSize,
): Float32Array {
  if (from.widthPx === to.widthPx && from.heightPx === to.heightPx) return planes.slice();
  const rows = planes.length / from.widthPx;
  const across = tapsOf(from.widthPx, to.widthPx);
  const narrow = new Float32Array(rows * to.widthPx);
  for (let row = 0; row < rows; row++) {
    for (const [x, { first, weights }] of across.entries()) {
      let sum = 0;
      for (const [offset, weight] of weights.entries()) {
        sum += weight * (planes[row * from.widthPx + first + offset] ?? 0);
      }
      narrow[row * to.widthPx + x] = sum;
    }
  }
  const count = rows / from.heightPx;
  const down = tapsOf(from.heightPx, to.heightPx);
  const result = new Float32Array(elementCount([count, to.heightPx, to.widthPx]));
  for (let plane = 0; plane < count; plane++) {
    for (const [y, { first, weights }] of down.entries()) {
      const target = (plane * to.heightPx + y) * to.widthPx;
      for (const [offset, weight] of weights.entries()) {
        const source = (plane * from.heightPx + first + offset) * to.widthPx;
        for (let x = 0; x < to.widthPx; x++) {
          result[target + x] = (result[target + x] ?? 0) + weight * (narrow[source + x] ?? 0);
        }
      }
    }
  }
  return result;
}

export const resizePicture = (picture: Picture, size: PictureSize): Picture => ({
  ...size,
  planes: resizePlanes(picture.planes, picture, size),
});

/** One plane of the three, for pictures that say how much instead of which colour. */
export const greyPlane = ({ planes }: Picture): Float32Array => planes.slice(0, planes.length / 3);

/** A wider picture whose new border mirrors what lies inside it. */
export function padByReflection(picture: Picture, borderPx: number): Picture {
  const { widthPx, heightPx, planes } = picture;
  const size = { widthPx: widthPx + 2 * borderPx, heightPx: heightPx + 2 * borderPx };
  const mirrored = (position: number, length: number): number => {
    if (length === 1) return 0;
    const period = 2 * (length - 1);
    const within = ((position % period) + period) % period;
    return within < length ? within : period - within;
  };
  return mapPlaces(size, (plane, y, x) => {
    const row = plane * heightPx + mirrored(y - borderPx, heightPx);
    return planes[row * widthPx + mirrored(x - borderPx, widthPx)] ?? 0;
  });
}

/** The picture without a border on every side. */
export function cropBorder({ widthPx, heightPx, planes }: Picture, borderPx: number): Picture {
  const size = { widthPx: widthPx - 2 * borderPx, heightPx: heightPx - 2 * borderPx };
  return mapPlaces(size, (plane, y, x) => {
    const row = plane * heightPx + y + borderPx;
    return planes[row * widthPx + x + borderPx] ?? 0;
  });
}

/** A picture made value by value. */
function mapPlaces(
  size: PictureSize,
  value: (plane: number, y: number, x: number) => number,
): Picture {
  const { widthPx, heightPx } = size;
  const planes = new Float32Array(3 * heightPx * widthPx);
  let offset = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < heightPx; y++) {
      for (let x = 0; x < widthPx; x++) planes[offset++] = value(plane, y, x);
    }
  }
  return { widthPx, heightPx, planes };
}
