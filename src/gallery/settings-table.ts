import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import { padded } from './roster-shapes.ts';
import { seal, unseal } from './sealing.ts';
import { corruptStore } from './store-fault.ts';
import type { Vault } from './vault.ts';

const settingValue = z.string();

/** Small values by name, sealed under the store's own data key. Call within a transaction. */
export class SettingsTable {
  readonly #path: string;
  readonly #vault: Vault;
  readonly #storeKey: Buffer;
  readonly #slot: Statement<[string], { readonly slot: number }>;
  readonly #names: Statement<[], { readonly setting: string }>;
  readonly #put: Statement<[string, number]>;

  constructor(db: Database, path: string, vault: Vault, storeKey: Buffer) {
    this.#path = path;
    this.#vault = vault;
    this.#storeKey = storeKey;
    this.#slot = db.prepare('SELECT slot FROM settings WHERE setting = ?');
    this.#names = db.prepare('SELECT setting FROM settings');
    this.#put = db.prepare(
      'INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET slot = excluded.slot',
    );
  }

  get(setting: string): string | undefined {
    const row = this.#slot.get(setting);
    if (row === undefined) return undefined;
    const plain = unseal(this.#storeKey, ['setting', setting], this.#vault.read(row.slot));
    if (plain === undefined) throw corruptStore(this.#path, `setting ${setting}`);
    return settingValue.parse(JSON.parse(plain.toString('utf8')));
  }

  set(setting: string, value: string): void {
    const sealed = seal(this.#storeKey, ['setting', setting], padded(JSON.stringify(value)));
    const row = this.#slot.get(setting);
    const slot =
      row === undefined ? this.#vault.add(sealed) : this.#vault.replace(row.slot, sealed);
    this.#put.run(setting, slot);
  }

  /** @throws PORTICO_STORE_CORRUPT when a value is not what was sealed */
  verify(): void {
    for (const { setting } of this.#names.all()) this.get(setting);
  }
}
