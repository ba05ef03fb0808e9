import type { Identity } from '../domain/identity.ts';
import type { SitePeople } from '../office/site-people.ts';

/** A person as the page lists them: no vectors. */
export interface ListedPerson extends Identity {
  /** Templates of the encoder that has most of them: one a photograph. */
  readonly photos: number;
}

export interface PeoplePage {
  readonly people: readonly ListedPerson[];
  /** How many fit the search. */
  readonly found: number;
  readonly total: number;
}

export interface PeopleQuery {
  readonly text: string;
  readonly from: number;
  readonly limit: number;
}

/** People whose name or id contains every word of the search, by name. */
export function searchPeople(people: SitePeople, { text, from, limit }: PeopleQuery): PeoplePage {
  const words = text.toLowerCase().split(/\s+/u);
  const all = people.identities();
  const found = all
    .filter(({ name, identityId }) => {
      const haystack = `${name} ${identityId}`.toLowerCase();
      return words.every((word) => haystack.includes(word));
    })
    .toSorted((left, right) => byName.compare(left.name, right.name));
  return {
    people: found.slice(from, from + limit).map((identity) => listed(people, identity)),
    found: found.length,
    total: all.length,
  };
}

const byName = new Intl.Collator(['en', 'zh-Hans'], { numeric: true });

export function listed(people: SitePeople, identity: Identity): ListedPerson {
  const counts = new Map<string, number>();
  for (const { modelId } of people.templatesOf(identity.identityId)) {
    counts.set(modelId, (counts.get(modelId) ?? 0) + 1);
  }
  return { ...identity, photos: Math.max(0, ...counts.values()) };
}
