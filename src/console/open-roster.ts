import type { Identity, Template } from '../domain/identity.ts';
import type { RosterPerson } from '../domain/roster.ts';
import type { Gallery } from '../gallery/gallery.ts';
import { GalleryBuilder } from '../gallery/gallery-builder.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';
import { identityOf, templatesOf } from '../roster/roster-documents.ts';

/** A person as the page lists them: no vectors. */
export interface ListedPerson extends Identity {
  readonly photos: number;
  /** Of the newest template; absent: there is none. */
  readonly enrolledAtMs?: number;
}

interface Opened {
  readonly version: number;
  readonly person: RosterPerson;
}

export interface PeoplePage {
  readonly people: readonly ListedPerson[];
  /** How many fit the search. */
  readonly found: number;
  readonly total: number;
}

/**
 * The roster as this desk can read it, opened record by record. Names and templates are in memory
 * only; on disk they stay sealed.
 */
export class OpenRoster {
  readonly #desk: SiteDesk;
  readonly #opened = new Map<string, Opened>();
  /** Records without a person in them that we can read: at which version. */
  readonly #closed = new Map<string, number>();
  readonly #builder = new GalleryBuilder();
  #revision = 0;
  #refreshing: Promise<boolean> | undefined;

  constructor(desk: SiteDesk) {
    this.#desk = desk;
  }

  /** One more with every change. */
  get revision(): number {
    return this.#revision;
  }

  get size(): number {
    return this.#opened.size;
  }

  /** Follows the book. @returns whether anything changed; cheap when nothing did */
  refresh(): Promise<boolean> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  person(identityId: string): RosterPerson | undefined {
    return this.#opened.get(identityId)?.person;
  }

  nameOf(identityId: string): string | undefined {
    return this.#opened.get(identityId)?.person.identity.name;
  }

  gallery(): Gallery {
    return this.#builder.snapshot(this.#revision);
  }

  /** People whose name or id contains every word of the search, by name. */
  search(text: string, from: number, limit: number): PeoplePage {
    const words = text.toLowerCase().split(/\s+/u);
    const found = [...this.#opened.values()]
      .map(({ person }) => person)
      .filter(({ identity }) => {
        const haystack = `${identity.name} ${identity.identityId}`.toLowerCase();
        return words.every((word) => haystack.includes(word));
      })
      .sort((left, right) => byName.compare(left.identity.name, right.identity.name));
    return {
      people: found.slice(from, from + limit).map(listed),
      found: found.length,
      total: this.size,
    };
  }

  async #refresh(): Promise<boolean> {
    const before = this.#revision;
    for (const { identityId, version, kind } of [...this.#desk.book.entries()]) {
      const known = this.#opened.get(identityId)?.version ?? this.#closed.get(identityId);
      if (known === version) continue;
      const person = kind === 'person' ? await this.#open(identityId) : undefined;
      if (person === undefined) this.#drop(identityId, version);
      else this.#put(person, version);
    }
    return this.#revision !== before;
  }

  async #open(identityId: string): Promise<RosterPerson | undefined> {
    const document = await this.#desk.readPerson(identityId);
    const templates = document === undefined ? undefined : templatesOf(document);
    return document === undefined || templates === undefined
      ? undefined
      : { identity: identityOf(document), templates };
  }

  #put(person: RosterPerson, version: number): void {
    const { identity, templates } = person;
    this.#closed.delete(identity.identityId);
    this.#opened.set(identity.identityId, { version, person });
    this.#builder.put(identity, version, templates);
    this.#revision += 1;
  }

  #drop(identityId: string, version: number): void {
    this.#closed.set(identityId, version);
    if (!this.#opened.delete(identityId)) return;
    this.#builder.remove(identityId);
    this.#revision += 1;
  }
}

const byName = new Intl.Collator(['en', 'zh-Hans'], { numeric: true });

/** @returns the person for the page */
export function listed({ identity, templates }: RosterPerson): ListedPerson {
  const enrolledAtMs = newest(templates);
  const [decider] = templates;
  const photos = templates.filter(({ modelId }) => modelId === decider?.modelId).length;
  return { ...identity, photos, ...(enrolledAtMs === undefined ? {} : { enrolledAtMs }) };
}

const newest = (templates: readonly Template[]): number | undefined =>
  templates.length === 0
    ? undefined
    : Math.max(...templates.map(({ enrolledAtMs }) => enrolledAtMs));
