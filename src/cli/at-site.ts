import { PorticoError } from '../domain/errors.ts';
import type { SiteDesk, SiteDeskListener } from '../messaging/seat/site-desk.ts';
import { openSiteDesk } from '../office/open-site-desk.ts';
import { renewHead } from '../office/renew-head.ts';
import { SiteFolder } from '../office/site-folder.ts';
import { SitePeople } from '../office/site-people.ts';
import type { Session } from './session.ts';

/** An administrator at the desk of a site. */
export interface AtDesk {
  readonly folder: SiteFolder;
  readonly desk: SiteDesk;
}

export interface AtPeople extends AtDesk {
  readonly people: SitePeople;
}

/** The path of the site that a command is to act on. @throws PORTICO_USAGE when none was named */
export function siteOf({ site }: Session): string {
  if (site !== undefined) return site;
  throw new PorticoError('PORTICO_USAGE', {
    message: 'this command acts on a site, and none was named',
    remedy: 'Name its folder with --site or PORTICO_SITE; `portico site init` makes one.',
  });
}

/**
 * Opens the folder of the site, deletes what has expired in it, runs `work`, and lets go of it.
 * @throws PORTICO_SITE_FILE
 */
export async function withSite<T>(
  session: Session,
  work: (folder: SiteFolder) => Promise<T>,
): Promise<T> {
  const folder = SiteFolder.open(siteOf(session));
  try {
    folder.pictures.expire(session.composition.clock.wall());
    return await work(folder);
  } finally {
    folder.close();
  }
}

/**
 * The same, connected to the broker.
 * @throws PORTICO_SITE_FILE, PORTICO_SITE_UNREACHABLE
 */
export function withSiteDesk<T>(
  session: Session,
  work: (at: AtDesk) => Promise<T>,
  listener?: SiteDeskListener,
): Promise<T> {
  return withSite(session, (folder) => atDeskOf(session, folder, work, listener));
}

/** Connected with the seat that the folder has now. @throws PORTICO_SITE_UNREACHABLE */
export async function atDeskOf<T>(
  session: Session,
  folder: SiteFolder,
  work: (at: AtDesk) => Promise<T>,
  listener?: SiteDeskListener,
): Promise<T> {
  const { clock } = session.composition;
  const desk = await openSiteDesk(folder, {
    clock,
    logger: session.logger(session.config({ logLevel: 'warn' })),
    signal: session.signal,
    ...(listener === undefined ? {} : { listener }),
  });
  try {
    return await work({ folder, desk });
  } finally {
    await desk.close();
    await folder.noteTrustList(desk.trustList());
  }
}

/**
 * The same, with the whole roster opened. What `work` changed is vouched for by one head, also when
 * it fails or is interrupted; a head that ends soon is renewed.
 * @throws PORTICO_SITE_FILE, PORTICO_SITE_UNREACHABLE, PORTICO_SITE_REFUSED, PORTICO_ROSTER_INCOMPLETE
 */
export function withSitePeople<T>(
  session: Session,
  work: (at: AtPeople) => Promise<T>,
  only?: readonly string[],
): Promise<T> {
  return withSiteDesk(session, (at) => withPeopleOf(session, at, work, only));
}

/** @param only  whose records are opened @throws PORTICO_ROSTER_INCOMPLETE, PORTICO_SITE_REFUSED */
export async function withPeopleOf<T>(
  session: Session,
  { folder, desk }: AtDesk,
  work: (at: AtPeople) => Promise<T>,
  only?: readonly string[],
): Promise<T> {
  const { composition, terminal, signal } = session;
  const { clock } = composition;
  assertReads(desk);
  const people = await SitePeople.open({
    desk,
    clock,
    signal,
    ...(only === undefined ? {} : { only }),
    onProgress: (read, total) => terminal.bar('reading the roster', read / total, `${read}`),
  });
  terminal.clearBar();
  if (people.unreadable > 0) {
    terminal.note(`${people.unreadable} records cannot be opened with the keys of this seat`);
  }
  try {
    return await work({ folder, desk, people });
  } finally {
    if (desk.roles().includes('enrol')) {
      await people.vouch();
      await renewHead(desk, clock);
    }
  }
}

function assertReads({ seat }: SiteDesk): void {
  if (seat.contentKeys.length > 0) return;
  throw new PorticoError('PORTICO_SITE_REFUSED', {
    message: 'this seat is an auditor’s: it cannot read who is in the roster',
    remedy: 'Use the seat of an administrator.',
  });
}
