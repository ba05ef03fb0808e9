import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Where to build a file that will stand at `path`: the same directory, a name of its own. */
export const neighbourOf = (path: string): string =>
  `${path}.new-${randomBytes(8).toString('hex')}`;

/**
 * Gives a finished file its name: there whole or not at all, never in place of another file, and
 * after a power cut too. The neighbour is gone afterwards, also when this fails.
 * @throws the file system's EEXIST when something is already at `path`
 */
export function publish(neighbour: string, path: string): void {
  try {
    syncFile(neighbour);
    linkSync(neighbour, path);
  } finally {
    rmSync(neighbour, { force: true });
  }
  syncFolderOf(path);
}

/**
 * Writes a file in the place of whatever is at `path`: the old one or the new one is there, whole,
 * whatever happens.
 * @param mode  who may read and write it, less what the process's mask takes away
 * @throws what the file system throws; the old one is then still there
 */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o666): void {
  const neighbour = neighbourOf(path);
  try {
    writeFileSync(neighbour, content, { mode, flush: true });
    renameSync(neighbour, path);
  } finally {
    rmSync(neighbour, { force: true });
  }
  syncFolderOf(path);
}

/** Its content is on the disk when this returns. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Names in the file's folder are on the disk when this returns. */
export const syncFolderOf = (path: string): void => syncFile(dirname(path));
