import { readdir } from 'node:fs/promises';
import { extname, join, parse } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { PorticoError } from '../../domain/errors.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';

const KINDS: readonly string[] = ['.jpg', '.jpeg', '.png', '.webp'];

/** One picture of a folder, with the name under which it hangs. */
export interface NamedPicture extends RgbImage {
  readonly name: string;
}

/**
 * Pictures of a folder in the order of their names, read when they are wanted: one that is added or
 * taken away counts from the next time on.
 */
export class PictureFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The picture whose turn it is; a file that cannot be read is passed over.
   * @param index counts on and on
   * @throws PORTICO_ART_UNAVAILABLE when the folder holds none
   */
  async picture(index: number, longSidePx: number): Promise<NamedPicture> {
    const files = await this.#files();
    for (let offset = 0; offset < files.length; offset += 1) {
      const file = files[(index + offset) % files.length] ?? '';
      try {
        const picture = await fitPicture(sharp(join(this.#folder, file)).autoOrient(), longSidePx);
        return { ...picture, name: nameOf(file) };
      } catch {
        // The next one.
      }
    }
    throw new PorticoError('PORTICO_ART_UNAVAILABLE', {
      message: `there is no picture in ${this.#folder}`,
      remedy: 'Put JPEG, PNG or WebP files there, readable by the art process.',
    });
  }

  async #files(): Promise<readonly string[]> {
    const names = await readdir(this.#folder).catch((): string[] => []);
    return names.filter((name) => KINDS.includes(extname(name).toLowerCase())).sort();
  }
}

/** A frame of the camera at the size that is painted. */
export const fitFrame = (
  { rgb, widthPx, heightPx }: RgbImage,
  longSidePx: number,
): Promise<RgbImage> =>
  fitPicture(sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } }), longSidePx);

/** Sides are multiples of four, as the painters halve them twice. */
async function fitPicture(picture: Sharp, longSidePx: number): Promise<RgbImage> {
  const {
    autoOrient: { width, height },
  } = await picture.metadata();
  const scale = longSidePx / Math.max(width, height);
  const side = (length: number): number => Math.max(4, 4 * Math.round((length * scale) / 4));
  const { data, info } = await picture
    .resize({ width: side(width), height: side(height), fit: 'cover' })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { rgb: inColour(data, info.channels), widthPx: info.width, heightPx: info.height };
}

/** A grey picture has one channel, which stands for all three. */
const inColour = (data: Uint8Array, channels: number): Uint8Array =>
  channels === 3
    ? data
    : Uint8Array.from({ length: (data.length / channels) * 3 }, (_, index) => {
        return data[Math.floor(index / 3) * channels] ?? 0;
      });

/** 'hoover_tower-night.jpg' hangs as 'Hoover tower night'. */
function nameOf(file: string): string {
  const name = parse(file).name.replace(/[-_]+/g, ' ').slice(0, 60);
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}
