import sharp from 'sharp';
import type { FastPainter } from './fast-painter.ts';
import type { PictureSize } from './painting-graph.ts';
import { type Picture, resizePicture, sizeWithin } from './picture.ts';
import { rgbBytes } from './picture-file.ts';

/** Longer side of one picture in a strip. */
const LONG_SIDE_PX = 288;

/** The size that a sample has in a strip. */
export const sampleSize = (sample: PictureSize): PictureSize => sizeWithin(sample, LONG_SIDE_PX);

/**
 * A row of pictures: the sample as it is, and in every style.
 * @returns the bytes of a JPEG
 */
export async function sampleStrip(painter: FastPainter, sample: Picture): Promise<Uint8Array> {
  const small = resizePicture(sample, sampleSize(sample));
  const { widthPx, heightPx } = small;
  const rgb = rgbBytes(small);
  const { length } = painter.styles;
  const tiles = [Buffer.from(rgb)];
  for (let style = 0; style < length; style++) {
    const weights = new Float32Array(length);
    weights[style] = 1;
    tiles.push(Buffer.from(await painter.paint(rgb, widthPx, heightPx, weights)));
  }
  const raw = { width: widthPx, height: heightPx, channels: 3 as const };
  const canvas = { width: widthPx * tiles.length, height: heightPx, channels: 3 as const };
  return await sharp({ create: { ...canvas, background: '#000000' } })
    .composite(tiles.map((input, index) => ({ input, raw, left: index * widthPx, top: 0 })))
    .jpeg({ quality: 88 })
    .toBuffer();
}
