import Database from 'better-sqlite3';
import { StoreError } from '../domain/errors.ts';

/** The file holds something that Portico did not write there. */
export function corruptStore(path: string, detail: string, cause?: unknown): StoreError {
  return new StoreError('PORTICO_STORE_CORRUPT', {
    message: `the store ${path} is damaged: ${detail}`,
    remedy:
      'Move the file and its -wal and -shm neighbours aside and restore a backup, or enrol anew; the damaged file is left as it is.',
    context: { path },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Codes of SQLite that say the file's content, not its surroundings, is at fault. */
const DAMAGE = /^SQLITE_(CORRUPT|NOTADB|FORMAT|IOERR_SHORT_READ)/;
/** While a store is being opened no statement of ours is wrong: the schema it meets must be. */
const DAMAGE_AT_OPENING = /^SQLITE_(ERROR|SCHEMA|CONSTRAINT|MISMATCH|TOOBIG|RANGE|INTERNAL)/;

/** Runs `work` and names what SQLite reports by Portico's codes; everything else passes through. */
export function namingFaults<T>(
  path: string,
  work: () => T,
  stage: 'opening' | 'open' = 'open',
): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Database.SqliteError)) throw cause;
    const isDamage =
      DAMAGE.test(cause.code) || (stage === 'opening' && DAMAGE_AT_OPENING.test(cause.code));
    if (isDamage) throw corruptStore(path, cause.message, cause);
    throw /^SQLITE_(BUSY|LOCKED)/.test(cause.code)
      ? lockedStore(path, cause)
      : failedStore(path, cause);
  }
}

const lockedStore = (path: string, cause: unknown): StoreError =>
  new StoreError('PORTICO_STORE_LOCKED', {
    message: `another process keeps the store ${path} busy`,
    remedy: `Try again; if it lasts, find the process with "fuser -v ${path}" and end it.`,
    cause,
    context: { path },
  });

const failedStore = (path: string, cause: InstanceType<typeof Database.SqliteError>): StoreError =>
  new StoreError('PORTICO_STORE_WRITE', {
    message: `the store ${path} cannot be used: ${cause.message} (${cause.code})`,
    remedy:
      'Check free space ("df"), the owner and mode of the file and its directory, and the health of the disk.',
    cause,
    context: { path, sqlite: cause.code },
  });
