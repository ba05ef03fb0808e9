import { ProtocolError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';

/** A head that still holds for so long is left alone: half of the seven days for which one is issued. */
const ENOUGH_MS = 3.5 * 24 * 3600_000;
const LOOK_EVERY_MS = 3600_000;
const QUIET_MS = 4_000;

/**
 * Issues another head before gates stop believing the last one. Only for a desk whose copy of the
 * roster is complete: a head vouches for everybody who is in the copy, and for nobody else.
 * @returns whether there was need and right to
 */
export async function renewHead(desk: SiteDesk, clock: Clock): Promise<boolean> {
  if (desk.book.head === undefined || !desk.roles().includes('enrol')) return false;
  const head = await desk.readHead();
  const holdsUntilMs = head?.validUntilMs ?? 0;
  if (holdsUntilMs - clock.wall() > ENOUGH_MS) return false;
  await desk.publishHead();
  return true;
}

/**
 * Does so for as long as a program sits at the desk, which may then be weeks. Does nothing at a desk
 * that may not enrol.
 */
export async function keepHeadFresh(
  desk: SiteDesk,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  if (!desk.roles().includes('enrol')) return;
  while (!signal.aborted) {
    try {
      if (!desk.hasWholeRoster) await desk.followRoster(QUIET_MS);
      if (desk.hasWholeRoster) await renewHead(desk, clock);
    } catch (error) {
      // The broker is away: an hour later there is another chance, and three more days of them.
      if (!(error instanceof ProtocolError)) throw error;
    }
    await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
  }
}
