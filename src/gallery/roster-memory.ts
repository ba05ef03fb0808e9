import type { Identity } from '../domain/identity.ts';
import type { Gallery } from './gallery.ts';
import { GalleryBuilder, type PersonEntry } from './gallery-builder.ts';
import type { PeopleTable, StoredPerson } from './people-table.ts';

/** No revision of a store, which begin at 0: whatever the disk holds differs from it. */
const IN_DOUBT = -1;

/** The roster as last read from the store; re-reads only the people that changed since. */
export class RosterMemory {
  #builder = new GalleryBuilder();
  #revision = IN_DOUBT;
  #gallery: Gallery | undefined;

  get revision(): number {
    return this.#revision;
  }

  isInDoubt(): boolean {
    return this.#revision === IN_DOUBT;
  }

  /** What is held may not be what is on disk; `follow` will compare everyone's revision. */
  doubt(): void {
    this.#revision = IN_DOUBT;
  }

  /** Reads what changed on disk up to `revision`. Call within a transaction. */
  follow(people: PeopleTable, revision: number): void {
    if (revision === this.#revision) return;
    try {
      this.#readChanges(people);
    } catch (error) {
      // Half of the changes were taken: begin from nothing next time.
      this.clear();
      throw error;
    }
    this.#settle(revision);
  }

  /** Takes over a change that this process made durable. */
  put(person: StoredPerson): void {
    this.#builder.put(person.identity, person.revision, person.templates);
    this.#settle(person.revision);
  }

  remove(identityId: string, revision: number): void {
    this.#builder.remove(identityId);
    this.#settle(revision);
  }

  identities(): readonly Identity[] {
    return this.#builder.identities();
  }

  entry(identityId: string): PersonEntry | undefined {
    return this.#builder.entry(identityId);
  }

  dimensionOf(modelId: string): number | undefined {
    return this.#builder.dimensionOf(modelId);
  }

  /** The same object as long as nothing changed. */
  snapshot(): Gallery {
    this.#gallery ??= this.#builder.snapshot(this.#revision);
    return this.#gallery;
  }

  clear(): void {
    this.#builder = new GalleryBuilder();
    this.#gallery = undefined;
    this.doubt();
  }

  #readChanges(people: PeopleTable): void {
    const onDisk = people.revisions();
    if (this.#builder.size === 0) {
      for (const { modelId, rows } of people.templatesPerModel()) {
        this.#builder.expect(modelId, rows);
      }
    }
    for (const identityId of this.#builder.identityIds()) {
      if (!onDisk.has(identityId)) this.#builder.remove(identityId);
    }
    for (const [identityId, changedAt] of onDisk) {
      if (this.#builder.entry(identityId)?.revision === changedAt) continue;
      const { identity, templates } = people.read(identityId);
      this.#builder.put(identity, changedAt, templates);
    }
  }

  #settle(revision: number): void {
    this.#revision = revision;
    this.#gallery = undefined;
  }
}
