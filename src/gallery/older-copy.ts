import { closeSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { neighbourOf, syncFile, syncFolderOf } from '../disk/durable-file.ts';
import { StoreError } from '../domain/errors.ts';
import type { WallMs } from '../domain/units.ts';
import { schemaVersionOf } from './migrations.ts';
import { leaveOutPictures } from './picture-shelf.ts';

/** Where the store lies as it was before it was given the next form. */
export const olderCopyPath = (path: string, version: number): string => `${path}.schema-${version}`;

/**
 * Copies a store before its form changes, so that whoever goes back to the release before finds what that
 * release can read. In the place of a copy of the same form that an earlier attempt has left.
 * @throws PORTICO_STORE_WRITE when it cannot be written: then the form must not change
 */
export function keepOlderCopy(db: Database.Database, path: string): void {
  const neighbour = neighbourOf(path);
  try {
    closeSync(openSync(neighbour, 'wx', 0o600));
    db.prepare('VACUUM INTO ?').run(neighbour);
    const copy = new Database(neighbour);
    // Stores say in their header that they have a log; a fresh copy does not.
    copy.pragma('journal_mode = WAL');
    leaveOutPictures(copy);
    copy.close();
    syncFile(neighbour);
    renameSync(neighbour, olderCopyPath(path, schemaVersionOf(db)));
    syncFolderOf(path);
  } catch (cause) {
    throw new StoreError('PORTICO_STORE_WRITE', {
      message: `no copy of ${path} could be made before its form changes`,
      remedy: 'Make room for a second copy of the store, and start again; the store is as it was.',
      cause,
      context: { path },
    });
  } finally {
    rmSync(neighbour, { force: true });
  }
}

/** Whoever was deleted since lives on in them, sealed: they go as other copies do. */
const OLDER_COPIES_LAST_MS = 14 * 86_400_000;

/** Deletes the copies from before a change of form that nobody will go back to any more. */
export function forgetOlderCopies(path: string, now: WallMs): void {
  const prefix = `${basename(path)}.schema-`;
  for (const name of readdirSync(dirname(path))) {
    const copy = join(dirname(path), name);
    if (name.startsWith(prefix) && now - statSync(copy).mtimeMs > OLDER_COPIES_LAST_MS) {
      rmSync(copy);
    }
  }
}
