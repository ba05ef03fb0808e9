import sharp from 'sharp';
import type { RgbImage } from '../../src/numeric/sample-image.ts';

/** Packed RGB as a picture file. */
export function encodePortrait({ rgb, widthPx, heightPx }: RgbImage): Promise<Buffer> {
  const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
  return sharp(rgb, { raw }).png().toBuffer();
}
