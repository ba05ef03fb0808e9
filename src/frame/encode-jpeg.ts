import sharp from 'sharp';
import type { RgbImage } from '../numeric/sample-image.ts';

/** @param quality  1..100 */
export function encodeJpeg(
  { rgb, widthPx, heightPx }: RgbImage,
  quality: number,
): Promise<Uint8Array> {
  return sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}
