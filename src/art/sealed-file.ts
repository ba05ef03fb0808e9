import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const DIGEST_BYTES = 32;

export type SealedFile =
  | { readonly kind: 'whole'; readonly header: unknown; readonly values: Float32Array }
  | { readonly kind: 'none' }
  /** Cut off or changed. */
  | { readonly kind: 'damaged' };

/**
 * Writes a header and numbers so that at every moment the file is the new one or the one before.
 * Layout: SHA-256 of the rest, a line of JSON, the numbers as float32.
 */
export async function writeSealed(
  path: string,
  header: unknown,
  parts: readonly Float32Array[],
): Promise<void> {
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...parts.map(bytesOf)]);
  await writeAtomically(path, Buffer.concat([createHash('sha256').update(body).digest(), body]));
}

/** Reads what {@link writeSealed} wrote; the header of a whole file is what was written. */
export async function readSealed(path: string): Promise<SealedFile> {
  const file = await readFile(path).catch(() => undefined);
  if (file === undefined) return { kind: 'none' };
  const body = file.subarray(DIGEST_BYTES);
  const isWhole = createHash('sha256').update(body).digest().equals(file.subarray(0, DIGEST_BYTES));
  if (!isWhole) return { kind: 'damaged' };
  const end = body.indexOf('\n');
  const header: unknown = JSON.parse(body.subarray(0, end).toString());
  const values = new Float32Array(Uint8Array.from(body.subarray(end + 1)).buffer);
  return { kind: 'whole', header, values };
}

export const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
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
