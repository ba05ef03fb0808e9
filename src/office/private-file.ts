import { readFileSync } from 'node:fs';
import { replaceFile } from '../disk/durable-file.ts';
import { ProtocolError } from '../domain/errors.ts';

const OWNER_ONLY = 0o600;

/** @throws PORTICO_SITE_FILE when it cannot be read */
export const readSiteText = (path: string, remedy: string): string =>
  readSiteBytes(path, remedy).toString('utf8');

/** @throws PORTICO_SITE_FILE when it cannot be read */
export function readSiteBytes(path: string, remedy: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ProtocolError('PORTICO_SITE_FILE', {
      message: `${path} cannot be read`,
      remedy,
      cause,
      context: { path },
    });
  }
}

/**
 * Writes a file that its owner alone may read: the old one or the new one is there, whole, whatever
 * happens.
 * @throws PORTICO_SITE_FILE when it cannot be written
 */
export function writePrivately(path: string, content: string | Uint8Array): void {
  try {
    replaceFile(path, content, OWNER_ONLY);
  } catch (cause) {
    throw new ProtocolError('PORTICO_SITE_FILE', {
      message: `${path} cannot be written`,
      remedy: 'Check that the folder exists, has room, and may be written by you.',
      cause,
      context: { path },
    });
  }
}
