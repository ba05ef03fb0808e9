import sharp from 'sharp';
import { PorticoError } from '../domain/errors.ts';

/** Tried in turn: faces keep more detail than any model looks at. */
const SIDES_PX = [2048, 1400, 900] as const;
const MAX_INPUT_PIXELS = 200_000_000;

/**
 * The photograph as a JPEG that fits into a message, upright, without place, time or camera of its EXIF.
 * @param source  path of the file, or its bytes
 * @throws PORTICO_IMAGE_UNREADABLE for what is no picture, or cannot be made small enough
 */
export async function shrinkPhoto(
  source: string | Uint8Array,
  bytesMax: number,
): Promise<Uint8Array> {
  let cause: unknown;
  try {
    for (const side of SIDES_PX) {
      const jpeg = await sharp(source, { failOn: 'error', limitInputPixels: MAX_INPUT_PIXELS })
        .autoOrient()
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .flatten({ background: { r: 255, g: 255, b: 255 } })
        .toColourspace('srgb')
        .jpeg({ quality: 88 })
        .toBuffer();
      if (jpeg.length <= bytesMax) return jpeg;
    }
  } catch (error) {
    cause = error;
  }
  throw new PorticoError('PORTICO_IMAGE_UNREADABLE', {
    message: `${typeof source === 'string' ? source : 'the picture'} cannot be sent as a photograph`,
    remedy: 'Give a complete JPEG, PNG or WebP file of at most 200 megapixels.',
    cause,
  });
}
