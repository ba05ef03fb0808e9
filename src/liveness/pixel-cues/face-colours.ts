import type { RgbImage } from '../../numeric/sample-image.ts';
import { type FaceAxes, type FaceRegion, regionToFrame } from './face-window.ts';

/** The face with its hair. */
const HEAD: FaceRegion = { left: -1.1, top: -1.1, width: 2.2, height: 2.7 };
const COLUMNS = 44;
const ROWS = 54;

/** Colours of one face; the light and the person change them too, so each is weak by itself. */
export interface FaceColours {
  /** Darkest over median brightness, in [0, 1]: ink and backlights have no deep black. */
  readonly blackLevel: number;
  /** Median share of the strongest colour that is not grey, in [0, 1]: ink is paler, displays are gaudier than skin. */
  readonly saturation: number;
  /** Natural logarithm of median blue over median red: a display's white is bluer than the room's. */
  readonly blueness: number;
  /** Share of the head that shines: far brighter than the median and nearly without colour. */
  readonly highlights: number;
}

/**
 * Colour gamut, contrast and specular highlights, from about 2,400 pixels of the head. About 0.2 ms.
 * @returns undefined when most of the head is outside the frame
 */
export function faceColours(frame: RgbImage, axes: FaceAxes): FaceColours | undefined {
  const samples = headSamples(frame, axes);
  const count = samples.brightness.length;
  if (2 * count < COLUMNS * ROWS) return undefined;
  const { brightness, saturation, red, blue } = samples;
  const median = quantile(brightness, 0.5);
  let shining = 0;
  for (let index = 0; index < count; index += 1) {
    const isBright = (brightness[index] ?? 0) > Math.max(120, 1.5 * median);
    if (isBright && (saturation[index] ?? 1) < 0.25) shining += 1;
  }
  return {
    blackLevel: (quantile(brightness, 0.02) + 1) / (median + 1),
    saturation: quantile(saturation, 0.5),
    blueness: Math.log((quantile(blue, 0.5) + 1) / (quantile(red, 0.5) + 1)),
    highlights: shining / count,
  };
}

interface HeadSamples {
  readonly brightness: number[];
  readonly saturation: number[];
  readonly red: number[];
  readonly blue: number[];
}

function headSamples({ rgb, widthPx, heightPx }: RgbImage, axes: FaceAxes): HeadSamples {
  const { a, b, dx, dy } = regionToFrame(axes, HEAD, COLUMNS);
  const samples: HeadSamples = { brightness: [], saturation: [], red: [], blue: [] };
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const x = Math.floor(a * column - b * row + dx);
      const y = Math.floor(b * column + a * row + dy);
      if (x < 0 || y < 0 || x >= widthPx || y >= heightPx) continue;
      const at = 3 * (y * widthPx + x);
      const [red, green, blue] = [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0];
      const largest = Math.max(red, green, blue);
      samples.brightness.push(0.299 * red + 0.587 * green + 0.114 * blue);
      samples.saturation.push((largest - Math.min(red, green, blue)) / (largest + 1));
      samples.red.push(red);
      samples.blue.push(blue);
    }
  }
  return samples;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}
