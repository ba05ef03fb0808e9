import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { cacheFault } from './model-faults.ts';

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** SHA-256 of a file in hexadecimal, or undefined when there is no such file. */
export async function sha256OfFile(path: string): Promise<string | undefined> {
  return digestFile(path, 'sha256', 'hex');
}

/** Digest of a tarball as npm writes it: `sha512-` and base64. */
export async function integrityOfFile(path: string): Promise<string | undefined> {
  const digest = await digestFile(path, 'sha512', 'base64');
  return digest === undefined ? undefined : `sha512-${digest}`;
}

async function digestFile(path: string, algorithm: string, encoding: 'hex' | 'base64') {
  const hash = createHash(algorithm);
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return cacheFault({ file: path, what: 'cannot be read', cause: error });
  }
  return hash.digest(encoding);
}
