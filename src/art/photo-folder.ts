import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import { PorticoError } from '../domain/errors.ts';
import { seededRandom } from '../numeric/random.ts';
import type { RgbImage } from '../numeric/sample-image.ts';

const ENDINGS: ReadonlySet<string> = new Set(['.jpg', '.jpeg', '.png', '.webp']);

/**
 * Paths of the pictures in folders and in the folders inside them, in an order that depends on the
 * names alone.
 */
export async function pictureFiles(folders: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(folder, { recursive: true }).catch((cause: unknown) =>
        unreadable(`${folder} cannot be listed`, cause),
      );
      return names
        .filter((name) => ENDINGS.has(extname(name).toLowerCase()))
        .sort()
        .map((name) => join(folder, name));
    }),
  );
  return lists.flat();
}

export interface PhotoOptions {
  /** No more than these many of each folder, chosen by the seed. */
  readonly limit: number;
  readonly seed: number;
  /** Shorter sides at which each photograph is kept. */
  readonly shortSidesPx: readonly number[];
  readonly onPhoto?: (done: number, count: number) => void;
}

/**
 * Photographs for training, in memory: their middle, up to one and a half times as long as wide.
 * @throws PORTICO_IMAGE_UNREADABLE for a folder without pictures or a file that is none
 */
export async function readPhotos(
  folders: readonly string[],
  { limit, seed, shortSidesPx, onPhoto }: PhotoOptions,
): Promise<readonly RgbImage[]> {
  const chosen: string[] = [];
  for (const folder of folders) {
    const files = await pictureFiles([folder]);
    if (files.length === 0) unreadable(`${folder} holds no pictures`);
    chosen.push(...sample(files, limit, seed));
  }
  const photos: RgbImage[] = [];
  for (const [index, path] of chosen.entries()) {
    for (const shortSidePx of shortSidesPx) photos.push(await readPhoto(path, shortSidePx));
    onPhoto?.(index + 1, chosen.length);
  }
  return photos;
}

function sample(files: readonly string[], limit: number, seed: number): readonly string[] {
  if (files.length <= limit) return files;
  const random = seededRandom(seed);
  const keyed = files.map((path) => ({ path, key: random() }));
  return keyed
    .sort((left, right) => left.key - right.key)
    .slice(0, limit)
    .map(({ path }) => path);
}

async function readPhoto(path: string, shortSidePx: number): Promise<RgbImage> {
  try {
    const upright = sharp(path, { failOn: 'error' }).autoOrient().toColourspace('srgb');
    const { autoOrient } = await upright.metadata();
    const factor = shortSidePx / Math.min(autoOrient.width, autoOrient.height);
    const side = (length: number) =>
      Math.round(Math.min(1.5 * shortSidePx, Math.max(shortSidePx, length * factor)));
    const { data, info } = await upright
      .resize({ width: side(autoOrient.width), height: side(autoOrient.height), fit: 'cover' })
      .flatten({ background: '#ffffff' })
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width: widthPx, height: heightPx, channels } = info;
    const rgb = Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, index) => {
      // A grey file has one channel, which stands for all three.
      const channel = Math.min(channels - 1, index % 3);
      return data[Math.floor(index / 3) * channels + channel] ?? 0;
    });
    return { widthPx, heightPx, rgb };
  } catch (cause) {
    return unreadable(`${path} cannot be read as a picture`, cause);
  }
}

function unreadable(message: string, cause?: unknown): never {
  throw new PorticoError('PORTICO_IMAGE_UNREADABLE', {
    message,
    remedy: 'Give folders of complete JPEG, PNG or WebP files.',
    cause,
  });
}
