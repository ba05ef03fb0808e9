import { ProtocolError } from '../domain/errors.ts';
import type { OnProgress, SiteDesk } from '../messaging/seat/site-desk.ts';

export interface PublishSite {
  readonly desk: SiteDesk;
  /** Vouch for what there is, although somebody vouched for more. */
  readonly isForced: boolean;
  readonly onProgress: OnProgress;
}

/** 'renewed': the broker had everything; 'refilled': it was given this desk's copy. */
export type PublishedSite = 'renewed' | 'refilled';

/** When the broker says nothing more for so long, it has said all. */
const QUIET_MS = 4_000;

/**
 * Makes the broker have the whole roster and a head that has just begun: for a new site, for a broker
 * that lost what it kept, after an interrupted change, and before the last head ends.
 * @throws PORTICO_ROSTER_INCOMPLETE when another desk vouched for records that neither the broker nor
 *   this desk has; PORTICO_SITE_REFUSED without the role
 */
export async function publishSite({
  desk,
  isForced,
  onProgress,
}: PublishSite): Promise<PublishedSite> {
  if (!desk.roles().includes('enrol')) throw mayNot();
  const before = await desk.followRoster(QUIET_MS);
  if (before === 'complete' || before === 'unvouched') {
    await desk.publishHead();
    return 'renewed';
  }
  await desk.republish(onProgress);
  const after = await desk.followRoster(QUIET_MS);
  if (after === 'incomplete' && !isForced) throw lacking();
  await desk.publishHead();
  return 'refilled';
}

const mayNot = (): ProtocolError =>
  new ProtocolError('PORTICO_SITE_REFUSED', {
    message: 'the key of this seat may not vouch for the roster',
    remedy: 'Use the seat of an administrator with the role enrol.',
  });

const lacking = (): ProtocolError =>
  new ProtocolError('PORTICO_ROSTER_INCOMPLETE', {
    message: 'another desk vouched for people whose records neither the broker nor this copy has',
    remedy:
      'Run it at the desk that enrolled last; with --force here, gates keep those people and report a difference until they are enrolled anew.',
  });
