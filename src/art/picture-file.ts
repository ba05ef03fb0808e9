import { extname } from 'node:path';
import sharp from 'sharp';
import { PorticoError } from '../domain/errors.ts';
import type { Picture } from './picture.ts';

/** More than any painting needs; larger photographs are shrunk while they are decoded. */
const MAX_SIDE_PX = 2048;

/**
 * @param path JPEG, PNG, WebP...; turned upright as its EXIF orientation says
 * @throws PORTICO_IMAGE_UNREADABLE for a missing, truncated or foreign file
 */
export async function readPicture(path: string): Promise<Picture> {
  try {
    const { data, info } = await sharp(path, { failOn: 'error' })
      .autoOrient()
      .resize({ width: MAX_SIDE_PX, height: MAX_SIDE_PX, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const area = info.width * info.height;
    const planes = Float32Array.from({ length: 3 * area }, (_, index) => {
      // A grey file has one channel, which stands for all three.
      const channel = Math.min(info.channels - 1, Math.floor(index / area));
      return (data[(index % area) * info.channels + channel] ?? 0) / 255;
    });
    return { widthPx: info.width, heightPx: info.height, planes };
  } catch (cause) {
    throw new PorticoError('PORTICO_IMAGE_UNREADABLE', {
      message: `${path} cannot be read as a picture`,
      remedy: 'Give a complete JPEG, PNG or WebP file.',
      cause,
    });
  }
}

/** Packed RGB bytes of a picture. */
export function rgbBytes({ planes }: Picture): Uint8Array {
  const area = planes.length / 3;
  return Uint8Array.from(planes, (_, index) =>
    Math.round(255 * (planes[(index % 3) * area + Math.floor(index / 3)] ?? 0)),
  );
}

export type PictureFormat = 'png' | 'jpeg' | 'webp';

const FORMATS: Readonly<Record<string, PictureFormat>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};

/** By the end of a file's name; undefined for any other. */
export const pictureFormat = (path: string): PictureFormat | undefined =>
  FORMATS[extname(path).toLowerCase()];

/** The bytes of an image file. */
export async function encodePicture(
  picture: Picture,
  format: PictureFormat,
  quality = 88,
): Promise<Uint8Array> {
  const { widthPx: width, heightPx: height } = picture;
  const raw = { raw: { width, height, channels: 3 as const } };
  return sharp(rgbBytes(picture), raw).toFormat(format, { quality }).toBuffer();
}
