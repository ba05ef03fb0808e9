import { randomUUID } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import type { Identity, Template } from '../domain/identity.ts';
import { type WallMs, wallMs } from '../domain/units.ts';
import type { Keyring } from './keyring.ts';
import { decodeDetails, encodeDetails, type NewTemplate } from './roster-shapes.ts';
import { type SealContext, seal, unseal } from './sealing.ts';
import { corruptStore } from './store-fault.ts';
import type { Vault } from './vault.ts';

export interface StoredPerson {
  readonly identity: Identity;
  /** Revision of the roster at which this person last changed. */
  readonly revision: number;
  readonly templates: readonly Template[];
}

interface IdentityRow {
  readonly revision: number;
  readonly key_slot: number;
  readonly details_slot: number;
}

interface TemplateRow {
  readonly template_id: string;
  readonly model_id: string;
  readonly enrolled_at_ms: number;
  readonly slot: number;
}

interface Counts {
  readonly identities: number;
  readonly templates: number;
}

/** Identities and templates, sealed under each person's own data key. Call within a transaction. */
export class PeopleTable {
  readonly #path: string;
  readonly #vault: Vault;
  readonly #keyring: Keyring;
  readonly #revisions: Statement<[], { readonly identity_id: string; readonly revision: number }>;
  readonly #identity: Statement<[string], IdentityRow>;
  readonly #templates: Statement<[string], TemplateRow>;
  readonly #counts: Statement<[], Counts>;
  readonly #perModel: Statement<[], { readonly modelId: string; readonly rows: number }>;
  readonly #insertIdentity: Statement<[string, number, number, number]>;
  readonly #updateIdentity: Statement<[number, number, string]>;
  readonly #insertTemplate: Statement<[string, string, string, number, number]>;
  readonly #deleteTemplates: Statement<[string]>;
  readonly #deleteTemplate: Statement<[string]>;
  readonly #ownerOf: Statement<[string], { readonly identity_id: string }>;
  readonly #deleteIdentity: Statement<[string]>;
  readonly #moveKey: Statement<[number, string]>;

  constructor(db: Database, path: string, vault: Vault, keyring: Keyring) {
    this.#path = path;
    this.#vault = vault;
    this.#keyring = keyring;
    this.#revisions = db.prepare('SELECT identity_id, revision FROM identities ORDER BY rowid');
    this.#identity = db.prepare(
      'SELECT revision, key_slot, details_slot FROM identities WHERE identity_id = ?',
    );
    this.#templates = db.prepare(
      'SELECT template_id, model_id, enrolled_at_ms, slot FROM templates WHERE identity_id = ? ORDER BY rowid',
    );
    this.#counts = db.prepare(
      'SELECT (SELECT count(*) FROM identities) AS identities, (SELECT count(*) FROM templates) AS templates',
    );
    this.#perModel = db.prepare(
      'SELECT model_id AS modelId, count(*) AS rows FROM templates GROUP BY model_id',
    );
    this.#insertIdentity = db.prepare('INSERT INTO identities VALUES (?, ?, ?, ?)');
    this.#updateIdentity = db.prepare(
      'UPDATE identities SET revision = ?, details_slot = ? WHERE identity_id = ?',
    );
    this.#insertTemplate = db.prepare('INSERT INTO templates VALUES (?, ?, ?, ?, ?)');
    this.#deleteTemplates = db.prepare('DELETE FROM templates WHERE identity_id = ?');
    this.#deleteTemplate = db.prepare('DELETE FROM templates WHERE template_id = ?');
    this.#ownerOf = db.prepare('SELECT identity_id FROM templates WHERE template_id = ?');
    this.#deleteIdentity = db.prepare('DELETE FROM identities WHERE identity_id = ?');
    this.#moveKey = db.prepare('UPDATE identities SET key_slot = ? WHERE identity_id = ?');
  }

  revisions(): Map<string, number> {
    return new Map(this.#revisions.all().map((row) => [row.identity_id, row.revision]));
  }

  counts(): Counts {
    return this.#counts.get() ?? { identities: 0, templates: 0 };
  }

  templatesPerModel(): readonly { readonly modelId: string; readonly rows: number }[] {
    return this.#perModel.all();
  }

  has(identityId: string): boolean {
    return this.#identity.get(identityId) !== undefined;
  }

  /** @throws PORTICO_STORE_CORRUPT when a row of the person is not what was sealed */
  read(identityId: string): StoredPerson {
    const row = this.#row(identityId);
    return this.#withDataKey(identityId, row, (dataKey) => {
      const plain = this.#open(dataKey, detailsContext(identityId, row.revision), row.details_slot);
      const identity = decodeDetails(identityId, plain);
      plain.fill(0);
      if (identity === undefined) throw corruptStore(this.#path, `details of ${identityId}`);
      const templates = this.#templates
        .all(identityId)
        .map((template) => this.#readTemplate(dataKey, identityId, template));
      return { identity, revision: row.revision, templates };
    });
  }

  insert(identity: Identity, revision: number): void {
    const { identityId } = identity;
    const wrapped = this.#keyring.createWrapped(identityId);
    const dataKey = this.#unwrap(identityId, wrapped);
    const sealed = seal(dataKey, detailsContext(identityId, revision), encodeDetails(identity));
    dataKey.fill(0);
    const keySlot = this.#vault.add(wrapped);
    this.#insertIdentity.run(identityId, revision, keySlot, this.#vault.add(sealed));
  }

  /** Seals the details anew: on every change of a person, since the revision is bound to them. */
  update(identity: Identity, revision: number): void {
    const { identityId } = identity;
    const row = this.#row(identityId);
    this.#withDataKey(identityId, row, (dataKey) => {
      const sealed = seal(dataKey, detailsContext(identityId, revision), encodeDetails(identity));
      const slot = this.#vault.replace(row.details_slot, sealed);
      this.#updateIdentity.run(revision, slot, identityId);
    });
  }

  addTemplates(
    identityId: string,
    added: readonly NewTemplate[],
    enrolledAtMs: WallMs,
  ): readonly Template[] {
    const row = this.#row(identityId);
    return this.#withDataKey(identityId, row, (dataKey) =>
      added.map(({ modelId, embedding }) => {
        const template: Template = {
          templateId: randomUUID(),
          identityId,
          modelId,
          embedding: Float32Array.from(embedding),
          enrolledAtMs,
        };
        this.#insertSealed(dataKey, template);
        return template;
      }),
    );
  }

  /**
   * Makes the person's templates those given: others are erased, new ones added, and one whose id is
   * there already is kept as it is, since a template id names one vector for ever.
   */
  setTemplates(identityId: string, wanted: readonly Template[]): void {
    const row = this.#row(identityId);
    const wantedIds = new Set(wanted.map(({ templateId }) => templateId));
    const present = this.#templates.all(identityId);
    for (const { template_id, slot } of present) {
      if (wantedIds.has(template_id)) continue;
      this.#vault.erase(slot);
      this.#deleteTemplate.run(template_id);
    }
    const presentIds = new Set(present.map(({ template_id }) => template_id));
    this.#withDataKey(identityId, row, (dataKey) => {
      for (const template of wanted) {
        if (!presentIds.has(template.templateId)) this.#insertSealed(dataKey, template);
      }
    });
  }

  /** Whose template has this id. */
  ownerOf(templateId: string): string | undefined {
    return this.#ownerOf.get(templateId)?.identity_id;
  }

  delete(identityId: string): void {
    const row = this.#row(identityId);
    for (const { slot } of this.#templates.all(identityId)) this.#vault.erase(slot);
    this.#vault.erase(row.details_slot);
    this.#vault.erase(row.key_slot);
    this.#deleteTemplates.run(identityId);
    this.#deleteIdentity.run(identityId);
  }

  /** Wraps every person's data key by another master key; what is sealed under them stays as it is. */
  rewrap(next: Keyring): void {
    for (const identityId of this.revisions().keys()) {
      const row = this.#row(identityId);
      this.#withDataKey(identityId, row, (dataKey) => {
        const slot = this.#vault.replace(row.key_slot, next.wrap(identityId, dataKey));
        if (slot !== row.key_slot) this.#moveKey.run(slot, identityId);
      });
    }
  }

  #insertSealed(dataKey: Buffer, template: Template): void {
    const { templateId, identityId, modelId, enrolledAtMs } = template;
    const sealed = seal(dataKey, templateContext(template), bytesOf(template.embedding));
    const slot = this.#vault.add(sealed);
    this.#insertTemplate.run(templateId, identityId, modelId, enrolledAtMs, slot);
  }

  #row(identityId: string): IdentityRow {
    const row = this.#identity.get(identityId);
    if (row === undefined) throw corruptStore(this.#path, `identity ${identityId} has no row`);
    return row;
  }

  #readTemplate(dataKey: Buffer, identityId: string, row: TemplateRow): Template {
    const clear = {
      templateId: row.template_id,
      identityId,
      modelId: row.model_id,
      enrolledAtMs: wallMs(row.enrolled_at_ms),
    };
    const plain = this.#open(dataKey, templateContext(clear), row.slot);
    if (plain.length % Float32Array.BYTES_PER_ELEMENT !== 0) {
      throw corruptStore(this.#path, `template ${row.template_id} has ${plain.length} bytes`);
    }
    const embedding = new Float32Array(plain.length / Float32Array.BYTES_PER_ELEMENT);
    bytesOf(embedding).set(plain);
    plain.fill(0);
    return { ...clear, embedding };
  }

  #open(dataKey: Buffer, context: SealContext, slot: number): Buffer {
    const plain = unseal(dataKey, context, this.#vault.read(slot));
    if (plain === undefined) {
      throw corruptStore(this.#path, `${context[0]} ${context[1]} is not what was sealed`);
    }
    return plain;
  }

  #withDataKey<T>(identityId: string, row: IdentityRow, use: (dataKey: Buffer) => T): T {
    const dataKey = this.#unwrap(identityId, this.#vault.read(row.key_slot));
    try {
      return use(dataKey);
    } finally {
      dataKey.fill(0);
    }
  }

  #unwrap(identityId: string, wrapped: Buffer): Buffer {
    const dataKey = this.#keyring.unwrap(identityId, wrapped);
    if (dataKey === undefined) {
      throw corruptStore(this.#path, `the data key of ${identityId} is not what was wrapped`);
    }
    return dataKey;
  }
}

const detailsContext = (identityId: string, revision: number): SealContext => [
  'identity',
  identityId,
  revision,
];

const templateContext = (template: Omit<Template, 'embedding'>): SealContext => [
  'template',
  template.templateId,
  template.identityId,
  template.modelId,
  template.enrolledAtMs,
];

/** The vector's memory; float32 little-endian on every machine that Portico runs on. */
const bytesOf = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
