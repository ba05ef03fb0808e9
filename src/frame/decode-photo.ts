import sharp from 'sharp';
import { PorticoError } from '../domain/errors.ts';
import type { RgbImage } from '../numeric/sample-image.ts';

/** Larger photographs are shrunk to this: faces keep more detail than any model looks at. */
const MAX_SIDE_PX = 2048;
/** Refused before anything is decoded: about four times the largest telephone picture. */
const MAX_INPUT_PIXELS = 200_000_000;

/**
 * Decodes a photograph (JPEG, PNG, WebP, TIFF...) upright, as its EXIF orientation says.
 * @param source  path of the file, or its bytes
 * @param mostPixels  a picture with more is refused before anything is decoded
 * @returns packed RGB, longer side at most 2048 pixels
 * @throws PORTICO_IMAGE_UNREADABLE for a missing, truncated, foreign or oversized file
 */
export async function decodePhoto(
  source: string | Uint8Array,
  mostPixels = MAX_INPUT_PIXELS,
): Promise<RgbImage> {
  try {
    const { data, info } = await sharp(source, {
      failOn: 'error',
      limitInputPixels: mostPixels,
    })
      .autoOrient()
      .resize({
        width: MAX_SIDE_PX,
        height: MAX_SIDE_PX,
        fit: 'inside',
        withoutEnlargement: true,
      })
      .flatten({ background: { r: 255, g: 255, b: 255 } })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { rgb: asRgb(data, info.channels), widthPx: info.width, heightPx: info.height };
  } catch (cause) {
    throw new PorticoError('PORTICO_IMAGE_UNREADABLE', {
      message: `${typeof source === 'string' ? source : 'the picture'} cannot be read as a photograph`,
      remedy: `Give a complete JPEG, PNG or WebP file of at most ${mostPixels / 1e6} megapixels.`,
      cause,
    });
  }
}

function asRgb(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  if (channels !== 1) throw new RangeError(`${channels} channels`);
  const rgb = new Uint8Array(data.length * 3);
  data.forEach((grey, index) => {
    rgb.fill(grey, index * 3, index * 3 + 3);
  });
  return rgb;
}
