import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PaintCheckpoint, PaintStep } from './paint.ts';
import type { PaintRequest } from './paint-request.ts';

const VERSION = 1;
const DIGEST_BYTES = 32;

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

/**
 * Writes a painting in work: at every moment the file is the last checkpoint or the one before.
 * Layout: SHA-256 of the rest, a line of JSON, the planes as float32.
 */
export async function writeCheckpoint(
  path: string,
  key: string,
  { level, step, picture, curve }: PaintCheckpoint,
): Promise<void> {
  const { widthPx, heightPx } = picture;
  const header: Header = { version: VERSION, key, level, step, widthPx, heightPx, curve };
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), bytesOf(picture.planes)]);
  await writeAtomically(path, Buffer.concat([createHash('sha256').update(body).digest(), body]));
}

/** Reads what {@link writeCheckpoint} wrote for the same request. */
export async function readCheckpoint(path: string, key: string): Promise<StoredPainting> {
  const file = await readFile(path).catch(() => undefined);
  if (file === undefined) return { kind: 'none' };
  const body = file.subarray(DIGEST_BYTES);
  const isWhole = createHash('sha256').update(body).digest().equals(file.subarray(0, DIGEST_BYTES));
  if (!isWhole) return { kind: 'damaged' };
  const end = body.indexOf('\n');
  // Safe to believe: the digest says that it is what was written.
  const header: Header = JSON.parse(body.subarray(0, end).toString());
  if (header.version !== VERSION) return { kind: 'damaged' };
  if (header.key !== key) return { kind: 'other' };
  const planes = new Float32Array(Uint8Array.from(body.subarray(end + 1)).buffer);
  const { level, step, curve, widthPx, heightPx } = header;
  return {
    kind: 'found',
    checkpoint: { level, step, curve, picture: { widthPx, heightPx, planes } },
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** Under its name a file is there whole or not at all, also after a power cut. */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.new-${randomBytes(4).toString('hex')}`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
