import type { Identity } from '../domain/identity.ts';

import type { TemplateRecord } from '../gallery/gallery-builder.ts';
import type { Erasure, Store } from '../gallery/store.ts';
import type { SitePeople } from '../office/site-people.ts';
import { withSitePeople } from './at-site.ts';
import { withPeople } from './people-store.ts';
import type { Session } from './session.ts';

/** Who is enrolled, here or in the site: what the commands about people need of either. */
export interface Roster {
  identities(): readonly Identity[];
  identity(identityId: string): Identity | undefined;
  templatesOf(identityId: string): readonly TemplateRecord[];
  /** @throws PORTICO_ENROL_REFUSED, PORTICO_STORE_*, PORTICO_SITE_* */
  update(identity: Identity): Promise<void>;
  /** @returns what is left in the files; 'revoked': the gates are told */
  remove(identityId: string): Promise<Erasure | 'revoked'>;
}

/**
 * Runs `work` on the roster of the site that was named, else on that of this machine's gate.
 * @param only  whom it is about, where that is known
 */
export function withRoster<T>(
  session: Session,
  work: (roster: Roster) => Promise<T>,
  only?: readonly string[],
): Promise<T> {
  return session.site === undefined
    ? withPeople(session, (store) => work(rosterOfStore(store)))
    : withSitePeople(session, ({ people }) => work(rosterOfSite(people)), only);
}

const rosterOfStore = (store: Store): Roster => ({
  identities: () => store.identities(),
  identity: (identityId) => store.identity(identityId),
  templatesOf: (identityId) => store.templatesOf(identityId),
  update: (identity) => {
    store.updateIdentity(identity);
    store.append({ type: 'roster.changed', identityId: identity.identityId, change: 'enrolled' });
    return Promise.resolve();
  },
  remove: (identityId) => {
    const erasure = store.deleteIdentity(identityId);
    store.append({ type: 'roster.changed', identityId, change: 'deleted' });
    return Promise.resolve(erasure);
  },
});

const rosterOfSite = (people: SitePeople): Roster => ({
  identities: () => people.identities(),
  identity: (identityId) => people.identity(identityId),
  templatesOf: (identityId) => people.templatesOf(identityId),
  update: (identity) => people.update(identity),
  remove: async (identityId) => {
    await people.remove(identityId);
    return 'revoked';
  },
});
