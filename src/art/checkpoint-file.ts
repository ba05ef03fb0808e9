import { createHash } from 'node:crypto';
import type { PaintCheckpoint, PaintStep } from './paint.ts';
import type { PaintRequest } from './paint-request.ts';
import { bytesOf, readSealed, writeSealed } from './sealed-file.ts';

const VERSION = 1;

/** What a file holds besides the pixels. */
interface Header {
  readonly version: number;
  readonly key: string;
  readonly level: number;
  readonly step: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly curve: readonly PaintStep[];
}

export type StoredPainting =
  | { readonly kind: 'found'; readonly checkpoint: PaintCheckpoint }
  | { readonly kind: 'none' }
  /** Cut off, changed, or of another version. */
  | { readonly kind: 'damaged' }
  /** Whole, but of other pictures or settings. */
  | { readonly kind: 'other' };

/** What tells one request from another: the digest of its pictures and settings. */
export function requestKey({ content, styles, mask, settings }: PaintRequest): string {
  const digest = createHash('sha256');
  digest.update(JSON.stringify([settings, content.widthPx, content.heightPx]));
  for (const { picture, share } of styles) {
    digest.update(JSON.stringify([picture.widthPx, picture.heightPx, share]));
    digest.update(bytesOf(picture.planes));
  }
  digest.update(bytesOf(content.planes));
  if (mask !== undefined) digest.update(bytesOf(mask));
  return digest.digest('hex');
}

/** Writes a painting in work. */
export async function writeCheckpoint(
  path: string,
  key: string,
  { level, step, picture, curve }: PaintCheckpoint,
): Promise<void> {
  const { widthPx, heightPx, planes } = picture;
  const header: Header = { version: VERSION, key, level, step, widthPx, heightPx, curve };
  await writeSealed(path, header, [planes]);
}

/** Reads what {@link writeCheckpoint} wrote for the same request. */
export async function readCheckpoint(path: string, key: string): Promise<StoredPainting> {
  const file = await readSealed(path);
  if (file.kind !== 'whole') return file;
  if (!isHeader(file.header)) return { kind: 'damaged' };
  if (file.header.key !== key) return { kind: 'other' };
  const { level, step, curve, widthPx, heightPx } = file.header;
  return {
    kind: 'found',
    checkpoint: { level, step, curve, picture: { widthPx, heightPx, planes: file.values } },
  };
}

/** The digest says that the file is what was written; the version says what that means. */
const isHeader = (header: unknown): header is Header =>
  typeof header === 'object' &&
  header !== null &&
  'version' in header &&
  header.version === VERSION;
