import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { neighbourOf, syncFile, syncFolderOf } from '../disk/durable-file.ts';
import { StoreError } from '../domain/errors.ts';
import { MIGRATIONS, type Migration, schemaVersionOf } from './migrations.ts';
import { olderCopyPath } from './older-copy.ts';
import { modelOf, schemaRows, schemaText } from './schema-text.ts';
import { namingFaults } from './store-fault.ts';

export type StepBack =
  | { readonly kind: 'not-needed'; readonly version: number }
  /** What the newer form had added was taken away; nothing that this release knows of is lost. */
  | { readonly kind: 'stripped'; readonly from: number; readonly version: number }
  /** The copy from before the change is back; what was written since lies in `newerPath` alone. */
  | {
      readonly kind: 'restored';
      readonly from: number;
      readonly version: number;
      readonly newerPath: string;
    };

/**
 * Makes a store that a newer release has changed readable for this one; for a store that no process has open.
 * A form that only added something is stripped of it, so that events, deletions and a lock-down since the
 * change stay. Where the newer release has altered what was there, the copy that it made before comes back.
 * @throws PORTICO_STORE_LOCKED while a process has it open; PORTICO_STORE_NEWER when there is no way back
 */
export function stepBack(path: string, migrations: readonly Migration[] = MIGRATIONS): StepBack {
  const version = migrations.length;
  const from = namingFaults(path, () => strip(path, migrations), 'opening');
  if (from === version) return { kind: 'not-needed', version };
  if (from === undefined) return restore(path, version);
  return { kind: 'stripped', from, version };
}

/** @returns the version that was found; undefined when it cannot be stripped down to ours */
function strip(path: string, migrations: readonly Migration[]): number | undefined {
  const db = new Database(path, { fileMustExist: true });
  try {
    // Taken at the first look: whoever has the store open keeps it.
    db.pragma('locking_mode = EXCLUSIVE');
    const from = schemaVersionOf(db);
    if (from <= migrations.length) return migrations.length;
    db.pragma('secure_delete = ON');
    db.pragma('foreign_keys = OFF');
    const isOurs = tryStrip(db, migrations);
    db.pragma('wal_checkpoint(TRUNCATE)');
    return isOurs ? from : undefined;
  } finally {
    db.close();
  }
}

class NotOurs extends Error {}

function tryStrip(db: Database.Database, migrations: readonly Migration[]): boolean {
  const ours = modelOf(
    (model) => ({ text: schemaText(model), names: schemaRows(model).map(({ name }) => name) }),
    migrations,
  );
  const run = db.transaction(() => {
    for (const { type, name } of schemaRows(db)) {
      // What belongs to a table, as its automatic indices, goes with it.
      const isThere = schemaRows(db).some((row) => row.name === name && row.sql !== null);
      if (isThere && !ours.names.includes(name)) db.exec(`DROP ${type} "${name}"`);
    }
    if (schemaText(db) !== ours.text) throw new NotOurs();
    db.pragma(`user_version = ${migrations.length}`);
  });
  try {
    run.exclusive();
    return true;
  } catch (error) {
    if (error instanceof NotOurs) return false;
    throw error;
  }
}

function restore(path: string, version: number): StepBack {
  const copy = olderCopyPath(path, version);
  if (!existsSync(copy)) throw noWayBack(path, version);
  const db = new Database(path, { readonly: true });
  const from = schemaVersionOf(db);
  db.close();
  const newerPath = olderCopyPath(path, from);
  const neighbour = neighbourOf(path);
  try {
    copyFileSync(copy, neighbour);
    syncFile(neighbour);
    rmSync(newerPath, { force: true });
    // The store is never away: its newer form gets a second name, then the older takes the first.
    linkSync(path, newerPath);
    renameSync(neighbour, path);
  } finally {
    rmSync(neighbour, { force: true });
  }
  syncFolderOf(path);
  return { kind: 'restored', from, version, newerPath };
}

const noWayBack = (path: string, version: number): StoreError =>
  new StoreError('PORTICO_STORE_NEWER', {
    message: `the store ${path} was altered by a newer Portico, and there is no copy of schema ${version}`,
    remedy: 'Install the newer Portico again, or restore a backup from before the upgrade.',
    context: { path },
  });
