import { timingSafeEqual } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import { StoreError } from '../domain/errors.ts';
import type { Keyring } from './keyring.ts';
import { seal, unseal } from './sealing.ts';
import { corruptStore } from './store-fault.ts';
import type { Vault } from './vault.ts';

interface Row {
  readonly key_version: number;
  readonly key_fingerprint: Buffer;
  readonly key_slot: number;
  readonly revision: number;
  readonly census_slot: number;
}

export interface Census {
  readonly identities: number;
  readonly templates: number;
}

/** Owner of the store's own data key; no identity can have this id. */
const STORE_OWNER = '@store';

/**
 * The one row about the store itself: which master key opens it, the roster's revision, and a
 * sealed census, so that people taken out of the file behind our back are noticed.
 * Call within a transaction.
 */
export class StoreRow {
  readonly #path: string;
  readonly #vault: Vault;
  readonly #get: Statement<[], Row>;
  readonly #insert: Statement<[number, Buffer, number, number]>;
  readonly #advance: Statement<[number, number]>;
  readonly #rekey: Statement<[number, Buffer, number]>;

  constructor(db: Database, path: string, vault: Vault) {
    this.#path = path;
    this.#vault = vault;
    this.#get = db.prepare('SELECT * FROM store');
    this.#insert = db.prepare('INSERT INTO store VALUES (1, ?, ?, ?, 0, ?)');
    this.#advance = db.prepare('UPDATE store SET revision = ?, census_slot = ?');
    this.#rekey = db.prepare('UPDATE store SET key_version = ?, key_fingerprint = ?, key_slot = ?');
  }

  create(keyring: Keyring): void {
    const wrapped = keyring.createWrapped(STORE_OWNER);
    const storeKey = this.#unwrap(keyring, wrapped);
    const census = this.#sealCensus(storeKey, 0, { identities: 0, templates: 0 });
    storeKey.fill(0);
    const keySlot = this.#vault.add(wrapped);
    this.#insert.run(keyring.version, keyring.fingerprint(), keySlot, this.#vault.add(census));
  }

  revision(): number {
    return this.#row().revision;
  }

  keyVersion(): number {
    return this.#row().key_version;
  }

  /**
   * The store's data key, which only the right master key unwraps.
   * @throws PORTICO_STORE_KEY for the key of another store, PORTICO_STORE_CORRUPT for a damaged row
   */
  unlock(keyring: Keyring): Buffer {
    const row = this.#row();
    const storeKey = keyring.unwrap(STORE_OWNER, this.#vault.read(row.key_slot));
    const own = keyring.fingerprint();
    const isNamed =
      row.key_fingerprint.length === own.length && timingSafeEqual(row.key_fingerprint, own);
    if (storeKey !== undefined && isNamed) return storeKey;
    // One of the two agreeing means that the key is right and the other was damaged.
    if (storeKey !== undefined || isNamed) {
      throw corruptStore(this.#path, 'the check of its key is not what was written');
    }
    throw wrongKey(this.#path);
  }

  /** @throws PORTICO_STORE_KEY when another process has rotated the master key */
  assertKeyVersion(version: number): void {
    if (this.keyVersion() !== version) throw rotatedKey(this.#path);
  }

  advance(storeKey: Buffer, revision: number, census: Census): void {
    const sealed = this.#sealCensus(storeKey, revision, census);
    this.#advance.run(revision, this.#vault.replace(this.#row().census_slot, sealed));
  }

  rekey(storeKey: Buffer, next: Keyring): void {
    const slot = this.#vault.replace(this.#row().key_slot, next.wrap(STORE_OWNER, storeKey));
    this.#rekey.run(next.version, next.fingerprint(), slot);
  }

  /** @throws PORTICO_STORE_CORRUPT when people or templates are missing, or too many */
  verify(storeKey: Buffer, counted: Census): void {
    const row = this.#row();
    const plain = unseal(storeKey, ['census', row.revision], this.#vault.read(row.census_slot));
    if (plain === undefined) throw corruptStore(this.#path, 'its census is not what was sealed');
    const identities = plain.readUInt32LE(0);
    const templates = plain.readUInt32LE(4);
    if (identities === counted.identities && templates === counted.templates) return;
    throw corruptStore(
      this.#path,
      `it should hold ${identities} people with ${templates} templates, and holds ${counted.identities} with ${counted.templates}`,
    );
  }

  #sealCensus(storeKey: Buffer, revision: number, census: Census): Buffer {
    const plain = Buffer.alloc(8);
    plain.writeUInt32LE(census.identities, 0);
    plain.writeUInt32LE(census.templates, 4);
    return seal(storeKey, ['census', revision], plain);
  }

  #unwrap(keyring: Keyring, wrapped: Buffer): Buffer {
    const storeKey = keyring.unwrap(STORE_OWNER, wrapped);
    if (storeKey === undefined) throw wrongKey(this.#path);
    return storeKey;
  }

  #row(): Row {
    const row = this.#get.get();
    if (row === undefined) throw corruptStore(this.#path, 'the row about the store is missing');
    return row;
  }
}

const wrongKey = (path: string): StoreError =>
  new StoreError('PORTICO_STORE_KEY', {
    message: `the key given is not the key of the store ${path}`,
    remedy: 'Put back the key with which this store was made; a lost key means enrolling anew.',
    context: { path },
  });

const rotatedKey = (path: string): StoreError =>
  new StoreError('PORTICO_STORE_KEY', {
    message: `the key of the store ${path} was changed while it was open here`,
    remedy: 'Restart this process so that it reads the new key.',
    context: { path },
  });
