import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { neighbourOf, publish } from '../disk/durable-file.ts';
import { StoreError } from '../domain/errors.ts';
import { MIGRATIONS, migrate, schemaVersionOf } from './migrations.ts';
import { keepOlderCopy } from './older-copy.ts';
import { modelOf, schemaText } from './schema-text.ts';
import { corruptStore, namingFaults } from './store-fault.ts';

/** "PORT" in the file's header. */
const APPLICATION_ID = 0x50_4f_52_54;
const HEADER_BYTES = 100;
/** Write and read version of a database with a write-ahead log. */
const WAL_FORMAT = 2;
const MAGIC = 'SQLite format 3\0';
/** Three templates of 512 numbers fill a page; flash writes pages of this size or larger anyway. */
const PAGE_BYTES = 8192;
/** How long a write waits for another process's; theirs last milliseconds. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * Makes a new store file: built beside its path, filled by `fill`, and linked to its name when
 * complete, so that no crash leaves half a store.
 * @throws the file system's EEXIST when something is already at `path`
 */
export function createDatabase(path: string, fill: (db: Database.Database) => void): void {
  const neighbour = neighbourOf(path);
  closeSync(openSync(neighbour, 'wx', 0o600));
  const db = new Database(neighbour);
  try {
    db.pragma(`page_size = ${PAGE_BYTES}`);
    configure(db);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    migrate(db);
    fill(db);
  } catch (error) {
    db.close();
    rmSync(neighbour, { force: true });
    throw error;
  }
  // Closing moves the log into the file and removes it.
  db.close();
  publish(neighbour, path);
}

/**
 * Opens a store file that must exist, and refuses everything that is not a whole store of ours.
 * @throws PORTICO_STORE_MISSING, _FOREIGN, _NEWER, _CORRUPT, _LOCKED, _WRITE
 */
export function openDatabase(path: string): Database.Database {
  inspectHeader(path);
  const db = namingFaults(path, () => new Database(path, { fileMustExist: true }), 'opening');
  try {
    namingFaults(path, () => prove(db, path), 'opening');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function prove(db: Database.Database, path: string): void {
  configure(db);
  const version = schemaVersionOf(db);
  if (version > MIGRATIONS.length) throw newerStore(path, version);
  if (version < 1) throw corruptStore(path, 'its schema has no version');
  const findings = db.pragma('integrity_check(3)', { simple: true });
  if (findings !== 'ok') throw corruptStore(path, String(findings));
  if (version < MIGRATIONS.length) {
    keepOlderCopy(db, path);
    migrate(db);
  }
  const dangling = db.pragma('foreign_key_check');
  if (!Array.isArray(dangling) || dangling.length > 0) {
    throw corruptStore(path, 'rows refer to others that are gone');
  }
  if (schemaText(db) !== modelOf(schemaText)) throw corruptStore(path, 'its schema was altered');
}

function configure(db: Database.Database): void {
  db.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  db.pragma('cell_size_check = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('foreign_keys = ON');
  db.pragma('secure_delete = ON');
  // Spilled intermediate results would be copies of rows outside the store.
  db.pragma('temp_store = MEMORY');
  db.pragma('journal_mode = WAL');
  // better-sqlite3's build defaults to NORMAL in WAL mode, which may lose the last commits.
  db.pragma('synchronous = FULL');
}

/** Reads the header without SQLite, which would begin to recover a file that is not ours. */
function inspectHeader(path: string): void {
  const header = readHeader(path);
  if (header.length < HEADER_BYTES) {
    throw corruptStore(path, `it is ${header.length} bytes short of a header`);
  }
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw corruptStore(path, 'it does not begin as a database');
  }
  if (header.readUInt32BE(68) === APPLICATION_ID) {
    // Other format versions would make SQLite open the file read-only, or leave the log aside.
    if (header[18] === WAL_FORMAT && header[19] === WAL_FORMAT) return;
    throw corruptStore(path, 'its header names an unknown format');
  }
  throw new StoreError('PORTICO_STORE_FOREIGN', {
    message: `${path} is a database of another program`,
    remedy: 'Point the configuration at the store of this gate; the file was not touched.',
    context: { path },
  });
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (cause) {
    if (!existsSync(path)) throw missingStore(path);
    throw unreadableStore(path, cause);
  }
  try {
    if (!statSync(path).isFile()) throw unreadableStore(path, new Error('it is not a file'));
    return header.subarray(0, readSync(descriptor, header));
  } finally {
    closeSync(descriptor);
  }
}

const missingStore = (path: string): StoreError =>
  new StoreError('PORTICO_STORE_MISSING', {
    message: `there is no store at ${path}`,
    remedy: 'Check the path in the configuration, or let the gate create a new store there.',
    context: { path },
  });

const unreadableStore = (path: string, cause: unknown): StoreError =>
  new StoreError('PORTICO_STORE_WRITE', {
    message: `the store ${path} cannot be opened`,
    remedy: 'Check the owner and mode of the file and its directory.',
    cause,
    context: { path },
  });

const newerStore = (path: string, version: number): StoreError =>
  new StoreError('PORTICO_STORE_NEWER', {
    message: `the store ${path} was written by a newer Portico (schema ${version}, this one knows ${MIGRATIONS.length})`,
    remedy: 'Install the newer Portico again, or restore the backup made before the upgrade.',
    context: { path, version },
  });
