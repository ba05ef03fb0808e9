import type { RgbImage } from '../numeric/sample-image.ts';

/** How a medium renders colours: what comes out of a picture that is shown on it. */
export interface ColourRendering {
  /** 1 keeps colours, 0 makes them grey. */
  readonly saturation: number;
  /** Exponent on values in [0, 1]. */
  readonly gamma: number;
  /** Darkest and lightest that the medium can show, 0..255. */
  readonly black: number;
  readonly white: readonly [number, number, number];
}

/** Ink on paper: no deep black, paper white, smaller gamut. */
export const PAPER: ColourRendering = {
  saturation: 0.78,
  gamma: 0.95,
  black: 34,
  white: [232, 228, 216],
};

/** A lit display seen by a camera set for the room: bluish, contrasty, its black glows. */
export const DISPLAY: ColourRendering = {
  saturation: 1.18,
  gamma: 1.15,
  black: 14,
  white: [232, 244, 255],
};

/** @returns a new picture */
export function renderColours(image: RgbImage, rendering: ColourRendering): RgbImage {
  const { saturation, gamma, black, white } = rendering;
  const curves = white.map((top) =>
    Float32Array.from({ length: 256 }, (_v, value) => {
      return black + (top - black) * (value / 255) ** gamma;
    }),
  );
  const rgb = new Uint8Array(image.rgb.length);
  for (let at = 0; at < rgb.length; at += 3) {
    const [r, g, b] = [image.rgb[at] ?? 0, image.rgb[at + 1] ?? 0, image.rgb[at + 2] ?? 0];
    const grey = 0.299 * r + 0.587 * g + 0.114 * b;
    for (let channel = 0; channel < 3; channel += 1) {
      const value = grey + saturation * ((image.rgb[at + channel] ?? 0) - grey);
      const kept = Math.max(0, Math.min(255, Math.round(value)));
      rgb[at + channel] = Math.round(curves[channel]?.[kept] ?? 0);
    }
  }
  return { rgb, widthPx: image.widthPx, heightPx: image.heightPx };
}

/** Parts of the frame round a picture on its sheet, in pixels. */
export interface Border {
  readonly leftPx: number;
  readonly topPx: number;
  readonly rightPx: number;
  readonly bottomPx: number;
  readonly colour: readonly [number, number, number];
}

/** The picture with paper or bezel round it. */
export function withBorder(image: RgbImage, border: Border): RgbImage {
  const widthPx = image.widthPx + border.leftPx + border.rightPx;
  const heightPx = image.heightPx + border.topPx + border.bottomPx;
  const rgb = new Uint8Array(3 * widthPx * heightPx);
  for (let at = 0; at < rgb.length; at += 3) rgb.set(border.colour, at);
  for (let row = 0; row < image.heightPx; row += 1) {
    const from = 3 * row * image.widthPx;
    const to = 3 * ((row + border.topPx) * widthPx + border.leftPx);
    rgb.set(image.rgb.subarray(from, from + 3 * image.widthPx), to);
  }
  return { rgb, widthPx, heightPx };
}

/** A part of a picture, about its middle; no larger than the picture. */
export function middleOf(image: RgbImage, widthPx: number, heightPx: number): RgbImage {
  const left = Math.floor((image.widthPx - widthPx) / 2);
  const top = Math.floor((image.heightPx - heightPx) / 2);
  const rgb = new Uint8Array(3 * widthPx * heightPx);
  for (let row = 0; row < heightPx; row += 1) {
    const from = 3 * ((row + top) * image.widthPx + left);
    rgb.set(image.rgb.subarray(from, from + 3 * widthPx), 3 * row * widthPx);
  }
  return { rgb, widthPx, heightPx };
}
