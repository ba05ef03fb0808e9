import type { Picture } from './picture.ts';

/** Shares of red, green and blue in the brightness. Source: ITU-R BT.601 */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];

/** Brightness of every pixel, (height * width), in [0, 1]. */
function luminanceOf({ planes }: Picture): Float32Array {
  const area = planes.length / 3;
  return Float32Array.from(
    { length: area },
    (_, index) =>
      RED * (planes[index] ?? 0) +
      GREEN * (planes[area + index] ?? 0) +
      BLUE * (planes[2 * area + index] ?? 0),
  );
}

/** The picture in greys. */
export function greyOf(picture: Picture): Picture {
  const luminance = luminanceOf(picture);
  const planes = new Float32Array(picture.planes.length);
  for (let plane = 0; plane < 3; plane++) planes.set(luminance, plane * luminance.length);
  return { ...picture, planes };
}

function statistics(values: Float32Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Brightness and contrast of a style brought to those of the content, both in greys. */
export function matchBrightness(style: Picture, content: Picture): Picture {
  const [from, to] = [statistics(style.planes), statistics(content.planes)];
  const factor = from.deviation > 0 ? to.deviation / from.deviation : 1;
  const planes = style.planes.map((value) =>
    Math.min(1, Math.max(0, (value - from.mean) * factor + to.mean)),
  );
  return { ...style, planes };
}

/**
 * The brightness of one picture with the colours of another of the same size.
 * Source: Gatys et al. 2016, Preserving Color in Neural Artistic Style Transfer, section 4
 */
export function withColoursOf(brightness: Picture, colours: Picture): Picture {
  const area = brightness.planes.length / 3;
  const [wanted, present] = [luminanceOf(brightness), luminanceOf(colours)];
  const planes = colours.planes.map((value, index) => {
    const pixel = index % area;
    return Math.min(1, Math.max(0, value + (wanted[pixel] ?? 0) - (present[pixel] ?? 0)));
  });
  return { ...brightness, planes };
}
