import type { KeyObject } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { StoreError } from '../domain/errors.ts';
import type { GateEvent, NumberedEvent } from '../domain/events.ts';
import type { Identity } from '../domain/identity.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { EventSink } from '../domain/ports/event-sink.ts';
import type { RosterChange, RosterMark } from '../domain/roster.ts';
import type { WallMs } from '../domain/units.ts';
import { backupDatabase } from './backup.ts';
import { CommandLog } from './command-log.ts';
import type { Gallery } from './gallery.ts';
import type { TemplateRecord } from './gallery-builder.ts';
import { Keyring } from './keyring.ts';
import { schemaVersionOf } from './migrations.ts';
import { Outbox, type OutboxRecord } from './outbox.ts';
import { PeopleTable } from './people-table.ts';
import { PictureShelf } from './picture-shelf.ts';
import { RosterMarks } from './roster-marks.ts';
import { RosterMemory } from './roster-memory.ts';
import { checkedIdentity, checkTemplate, type NewTemplate } from './roster-shapes.ts';
import { SettingsTable } from './settings-table.ts';
import { namingFaults } from './store-fault.ts';
import { idInUse, templateIdInUse, unknownIdentity, wrongDimension } from './store-refusals.ts';
import { StoreRow } from './store-row.ts';
import { Vault } from './vault.ts';

export interface StoreOptions {
  readonly path: string;
  /** The master key. */
  readonly key: KeyObject;
  readonly clock: Pick<Clock, 'wall'>;
}

/** A person to enrol with the first templates. */
export interface Enrolment extends Identity {
  readonly templates: readonly NewTemplate[];
}

/**
 * Whether what was deleted has left the files too. 'erasure-pending': a reader in another process
 * still needs the log; call `checkpoint` again later.
 */
export type Erasure = 'erased' | 'erasure-pending';

/**
 * People, templates, events, commands seen and settings in one file. What a method has returned
 * from is durable. Several processes may have a store open: SQLite makes their writes follow one
 * another, and each sees the others' at its next read.
 * Every method may throw PORTICO_STORE_LOCKED (another process writes for seconds), _WRITE (disk),
 * _CORRUPT, and _KEY (another process rotated the key).
 */
export class Store implements EventSink {
  readonly path: string;
  readonly pictures: PictureShelf;
  readonly #clock: Pick<Clock, 'wall'>;
  readonly #db: Database;
  readonly #vault: Vault;
  readonly #row: StoreRow;
  readonly #storeKey: Buffer;
  readonly #outbox: Outbox;
  readonly #commands: CommandLog;
  readonly #settings: SettingsTable;
  readonly #marks: RosterMarks;
  readonly #memory = new RosterMemory();
  #keyring: Keyring;
  #people: PeopleTable;
  #dataVersion = -1;

  /** Use `openStore`, which proves the file first. */
  constructor(db: Database, options: StoreOptions) {
    this.path = options.path;
    this.#clock = options.clock;
    this.#db = db;
    this.#vault = new Vault(db, this.path);
    this.#row = new StoreRow(db, this.path, this.#vault);
    this.#keyring = new Keyring(options.key, this.#row.keyVersion());
    this.#storeKey = this.#row.unlock(this.#keyring);
    this.#people = new PeopleTable(db, this.path, this.#vault, this.#keyring);
    this.#outbox = new Outbox(db, this.path);
    this.#commands = new CommandLog(db);
    this.#marks = new RosterMarks(db);
    this.#settings = new SettingsTable(db, this.path, this.#vault, this.#storeKey);
    this.pictures = new PictureShelf(db, {
      write: (work) => this.#write(work),
      read: (work) => this.#read(work),
      append: (event) => this.#outbox.append(event, this.#clock.wall()),
      erase: () => this.#eraseTraces(),
    });
    this.#verify();
    this.pictures.expire(this.#clock.wall());
    // A crash between a deletion and its checkpoint leaves sealed bytes in the log until now.
    this.checkpoint();
  }

  /** Of the file's form: how many migrations it has been through. */
  get schemaVersion(): number {
    return schemaVersionOf(this.#db);
  }

  /** @throws PORTICO_ENROL_REFUSED for a malformed field or an id that is in use */
  enrol({ templates, ...candidate }: Enrolment): Identity {
    const identity = checkedIdentity(candidate);
    const { identityId } = identity;
    this.#changeRoster(identityId, (revision) => {
      this.#checkTemplates(templates);
      if (this.#people.has(identityId)) throw idInUse(identityId);
      this.#people.insert(identity, revision);
      this.#people.addTemplates(identityId, templates, this.#clock.wall());
    });
    return identity;
  }

  /** @throws PORTICO_STORE_UNKNOWN_IDENTITY, PORTICO_ENROL_REFUSED */
  addTemplates(identityId: string, templates: readonly NewTemplate[]): void {
    this.#changeRoster(identityId, (revision) => {
      this.#checkTemplates(templates);
      this.#assertKnown(identityId);
      this.#people.addTemplates(identityId, templates, this.#clock.wall());
      this.#people.update(this.#people.read(identityId).identity, revision);
    });
  }

  /** Replaces name, validity and schedule. @throws PORTICO_STORE_UNKNOWN_IDENTITY, PORTICO_ENROL_REFUSED */
  updateIdentity(candidate: Identity): Erasure {
    const identity = checkedIdentity(candidate);
    this.#changeRoster(identity.identityId, (revision) => {
      this.#assertKnown(identity.identityId);
      this.#people.update(identity, revision);
    });
    return this.#eraseTraces();
  }

  /**
   * Destroys the person's data key, templates and details, in the database and in its log.
   * @throws PORTICO_STORE_UNKNOWN_IDENTITY
   */
  deleteIdentity(identityId: string): Erasure {
    this.#changeRoster(identityId, () => {
      this.#assertKnown(identityId);
      this.#people.delete(identityId);
    });
    return this.#eraseTraces();
  }

  /**
   * Takes over records of the site's roster, all in one transaction or none. Taking one twice
   * changes nothing. A person that was enrolled here by hand becomes what the record says.
   * @throws PORTICO_ENROL_REFUSED when a record cannot be stored, for example for a malformed template
   */
  applyRoster(changes: readonly RosterChange[]): Erasure {
    const identityIds = new Set(changes.map(({ mark }) => mark.identityId));
    this.#changeRosters([...identityIds], (revision) => {
      for (const change of changes) this.#applyChange(change, revision);
    });
    const isErasing = changes.some(({ kind }) => kind === 'tombstone');
    return isErasing ? this.#eraseTraces() : 'erased';
  }

  /** The newest record of every person that came over the site, deletions included. */
  rosterMarks(): readonly RosterMark[] {
    return this.#read(() => this.#marks.all());
  }

  /** A complete and valid head covers every record that is here now. */
  vouchForRoster(): void {
    this.#write(() => this.#marks.vouch());
  }

  /** Lets every person's record be taken once more at its version: for a resync from scratch. */
  forgetRosterDigests(): void {
    this.#write(() => this.#marks.forgetDigests());
  }

  identities(): readonly Identity[] {
    this.#refresh();
    return this.#memory.identities();
  }

  identity(identityId: string): Identity | undefined {
    this.#refresh();
    return this.#memory.entry(identityId)?.identity;
  }

  /** A person's templates without their numbers; empty for an unknown person. */
  templatesOf(identityId: string): readonly TemplateRecord[] {
    this.#refresh();
    return this.#memory.entry(identityId)?.templates ?? [];
  }

  /** The gallery as of now; the same object as long as nobody changed the roster. */
  snapshot(): Gallery {
    this.#refresh();
    return this.#memory.snapshot();
  }

  /** Whether the roster differs from that gallery: microseconds when nobody wrote, made for polling. */
  hasChangedSince(gallery: Gallery): boolean {
    this.#refresh();
    return this.#memory.revision !== gallery.version;
  }

  append(event: GateEvent): NumberedEvent {
    return this.#write(() => this.#outbox.append(event, this.#clock.wall()));
  }

  /** Unacknowledged events after a number, oldest first. */
  eventsAfter(number: number, limit: number): readonly NumberedEvent[] {
    return this.#read(() => this.#outbox.after(number, limit));
  }

  /** The same events as they were appended, with the hashes of their chain. */
  outboxRecordsAfter(number: number, limit: number): readonly OutboxRecord[] {
    return this.#read(() => this.#outbox.recordsAfter(number, limit));
  }

  /** Numbers of the last event acknowledged and the last appended. */
  outboxRange(): { readonly acknowledged: number; readonly last: number } {
    return this.#read(() => this.#outbox.range());
  }

  /** Forgets events up to and including a number; repeating it does nothing. */
  acknowledgeUpTo(number: number): void {
    this.#write(() => this.#outbox.acknowledgeUpTo(number));
  }

  /** Remembers a command's nonce for good measure beyond its expiry. */
  commandSeen(nonce: string, expiresAtMs: WallMs): 'first-seen' | 'replayed' {
    return this.#write(() => this.#commands.note(nonce, expiresAtMs, this.#clock.wall()));
  }

  setting(name: string): string | undefined {
    return this.#read(() => this.#settings.get(name));
  }

  setSetting(name: string, value: string): void {
    this.#write(() => this.#settings.set(name, value));
  }

  /** Moves the log into the database and empties it, and with it what was deleted. */
  checkpoint(): Erasure {
    return namingFaults(this.path, () => {
      const outcome: unknown = this.#db.pragma('wal_checkpoint(TRUNCATE)', { simple: true });
      return outcome === 0 ? 'erased' : 'erasure-pending';
    });
  }

  /**
   * A copy of the whole store at a new path, while this one goes on working. It needs the same key.
   * @throws PORTICO_STORE_WRITE when the path is taken or cannot be written
   */
  backup(path: string): Promise<void> {
    return backupDatabase(this.#db, path);
  }

  /** Wraps every data key by another master key, in one transaction; templates are not touched. */
  rewrapDataKeys(key: KeyObject): void {
    const next = new Keyring(key, this.#keyring.version + 1);
    this.#write(() => {
      this.#people.rewrap(next);
      this.#row.rekey(this.#storeKey, next);
    });
    this.#keyring = next;
    this.#people = new PeopleTable(this.#db, this.path, this.#vault, next);
    this.#eraseTraces();
  }

  /** Idempotent. */
  close(): void {
    if (!this.#db.open) return;
    this.#storeKey.fill(0);
    this.#memory.clear();
    this.#db.close();
  }

  #verify(): void {
    const verifyAll = this.#db.transaction(() => {
      this.#row.verify(this.#storeKey, this.#people.counts());
      this.#outbox.verify();
      this.#settings.verify();
    });
    verifyAll.deferred();
    this.#refresh();
  }

  /** Follows what other processes wrote; does next to nothing when they did not. */
  #refresh(): void {
    namingFaults(this.path, () => {
      const dataVersion: unknown = this.#db.pragma('data_version', { simple: true });
      if (dataVersion === this.#dataVersion && !this.#memory.isInDoubt()) return;
      this.#db.transaction(() => this.#follow()).deferred();
      this.#dataVersion = typeof dataVersion === 'number' ? dataVersion : -1;
    });
  }

  #follow(): void {
    this.#row.assertKeyVersion(this.#keyring.version);
    this.#memory.follow(this.#people, this.#row.revision());
  }

  #applyChange(change: RosterChange, revision: number): void {
    const { mark } = change;
    this.#marks.put(mark);
    if (change.kind === 'tombstone') {
      if (this.#people.has(mark.identityId)) this.#people.delete(mark.identityId);
      return;
    }
    const { templates } = change.person;
    const identity = checkedIdentity(change.person.identity);
    this.#checkTemplates(templates);
    for (const { templateId } of templates) {
      const owner = this.#people.ownerOf(templateId);
      if (owner !== undefined && owner !== mark.identityId) throw templateIdInUse(templateId);
    }
    if (this.#people.has(mark.identityId)) this.#people.update(identity, revision);
    else this.#people.insert(identity, revision);
    this.#people.setTemplates(mark.identityId, templates);
  }

  #changeRoster(identityId: string, change: (revision: number) => void): void {
    this.#changeRosters([identityId], change);
  }

  /** Changes people on disk, then in memory: memory is never ahead of what is durable. */
  #changeRosters(identityIds: readonly string[], change: (revision: number) => void): void {
    try {
      let revision = 0;
      const people = this.#write(() => {
        // Inside the write lock nobody else writes: what is followed here is the latest.
        this.#follow();
        revision = this.#memory.revision + 1;
        change(revision);
        this.#row.advance(this.#storeKey, revision, this.#people.counts());
        return identityIds.map((identityId) => {
          const person = this.#people.has(identityId) ? this.#people.read(identityId) : undefined;
          return { identityId, person };
        });
      });
      for (const { identityId, person } of people) {
        if (person === undefined) this.#memory.remove(identityId, revision);
        else this.#memory.put(person);
      }
    } catch (error) {
      // A failed commit may or may not have reached the disk: the next read looks.
      this.#memory.doubt();
      throw error;
    }
  }

  #write<T>(work: () => T): T {
    return namingFaults(this.path, () => {
      const transaction = this.#db.transaction(() => {
        this.#row.assertKeyVersion(this.#keyring.version);
        return work();
      });
      return transaction.immediate();
    });
  }

  #read<T>(work: () => T): T {
    return namingFaults(this.path, () => this.#db.transaction(work).deferred());
  }

  /** After a change is durable: a failure here must not look as if the change had failed. */
  #eraseTraces(): Erasure {
    try {
      return this.checkpoint();
    } catch (error) {
      if (error instanceof StoreError) return 'erasure-pending';
      throw error;
    }
  }

  #assertKnown(identityId: string): void {
    if (!this.#people.has(identityId)) throw unknownIdentity(identityId);
  }

  /** Within the write lock: another process may have given the encoder its dimension just now. */
  #checkTemplates(templates: readonly NewTemplate[]): void {
    const dimensions = new Map<string, number>();
    for (const template of templates) {
      checkTemplate(template);
      const { modelId, embedding } = template;
      const expected = dimensions.get(modelId) ?? this.#memory.dimensionOf(modelId);
      if (expected !== undefined && expected !== embedding.length) {
        throw wrongDimension(modelId, expected, embedding.length);
      }
      dimensions.set(modelId, embedding.length);
    }
  }
}
