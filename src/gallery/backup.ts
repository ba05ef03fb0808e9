import { closeSync, openSync, rmSync } from 'node:fs';
import SqliteDatabase, { type Database } from 'better-sqlite3';
import { neighbourOf, publish } from '../disk/durable-file.ts';
import { StoreError } from '../domain/errors.ts';
import { leaveOutPictures } from './picture-shelf.ts';

/** Pages copied before the event loop gets its turn: about 2 MB. */
const PAGES_PER_STEP = 256;

/**
 * Copies a live database to a new path; whole or not at all, readable by its owner only. Pictures of events stay
 * behind: a copy would outlive their expiry.
 * @throws PORTICO_STORE_WRITE when something is at the path or it cannot be written
 */
export async function backupDatabase(db: Database, path: string): Promise<void> {
  const neighbour = neighbourOf(path);
  try {
    closeSync(openSync(neighbour, 'wx', 0o600));
    await db.backup(neighbour, { progress: () => PAGES_PER_STEP });
    const copy = new SqliteDatabase(neighbour, { fileMustExist: true });
    leaveOutPictures(copy);
    copy.close();
    publish(neighbour, path);
  } catch (cause) {
    rmSync(neighbour, { force: true });
    throw new StoreError('PORTICO_STORE_WRITE', {
      message: `the backup ${path} was not written`,
      remedy:
        'Name a path at which nothing stands, in a directory with room that the gate may write.',
      cause,
      context: { path },
    });
  }
}
