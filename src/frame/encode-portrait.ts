import sharp from 'sharp';
import type { RgbImage } from '../numeric/sample-image.ts';

const SIDE_PX = 320;
/** Tried in turn. */
const QUALITIES = [82, 68, 50, 30] as const;

/**
 * A small JPEG of a face, without EXIF or anything else beside its pixels.
 * @returns undefined when it cannot be made small enough
 */
export async function encodePortrait(
  { rgb, widthPx, heightPx }: RgbImage,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  const small = sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } }).resize({
    width: SIDE_PX,
    height: SIDE_PX,
    fit: 'inside',
    withoutEnlargement: true,
  });
  for (const quality of QUALITIES) {
    const jpeg = await small.clone().jpeg({ quality }).toBuffer();
    if (jpeg.length <= bytesMax) return jpeg;
  }
  return undefined;
}
