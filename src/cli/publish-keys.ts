import { ProtocolError } from '../domain/errors.ts';
import { openSiteDesk } from '../office/open-site-desk.ts';
import type { SiteFolder } from '../office/site-folder.ts';
import type { Session } from './session.ts';

/** Nobody waits at the terminal for a broker that is not set up yet. */
const CONNECT_WITHIN_MS = 5_000;

/**
 * Tells the broker a changed trust list and the content keys of every gate.
 * @returns false, with a remark, when the broker is away: it has to be made up for
 * @throws PORTICO_SITE_FILE where the root key is not here, PORTICO_SITE_REFUSED
 */
export async function publishKeys(session: Session, folder: SiteFolder): Promise<boolean> {
  const { composition, signal, terminal } = session;
  try {
    const desk = await openSiteDesk(folder, {
      clock: composition.clock,
      logger: session.logger(session.config({ logLevel: 'error' })),
      signal,
      withinMs: CONNECT_WITHIN_MS,
    });
    try {
      await desk.publishKeys(folder.readRoot());
    } finally {
      await desk.close();
    }
    return true;
  } catch (error) {
    const isAway = error instanceof ProtocolError && error.code === 'PORTICO_SITE_UNREACHABLE';
    if (!isAway) throw error;
    terminal.note(`${error.message}; run \`portico site publish\` as soon as it can be`);
    return false;
  }
}
