import sharp from 'sharp';
import { PorticoError } from '../../domain/errors.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import type { PictureSize } from '../painting-graph.ts';

/**
 * The middle of a photograph, as large as a network wants its picture.
 * @throws PORTICO_IMAGE_UNREADABLE
 */
export async function readMiddle(path: string, size: PictureSize): Promise<RgbImage> {
  try {
    const rgb = await sharp(path, { failOn: 'error' })
      .autoOrient()
      .resize({ width: size.widthPx, height: size.heightPx, fit: 'cover' })
      .flatten({ background: '#ffffff' })
      // A grey file becomes a colour one, whatever it held.
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { channels } = rgb.info;
    const data = channels === 3 ? rgb.data : tripled(rgb.data, channels);
    return { rgb: data, ...size };
  } catch (cause) {
    throw new PorticoError('PORTICO_IMAGE_UNREADABLE', {
      message: `${path} cannot be read as a picture`,
      remedy: 'Give a folder of complete JPEG, PNG or WebP files.',
      cause,
    });
  }
}

const tripled = (data: Uint8Array, channels: number): Uint8Array =>
  Uint8Array.from(
    { length: (data.length / channels) * 3 },
    (_, index) => data[Math.floor(index / 3) * channels] ?? 0,
  );
