import type { Clock } from '../domain/ports/clock.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';

/** A head that still holds for so long is left alone: half of the seven days for which one is issued. */
const ENOUGH_MS = 3.5 * 24 * 3600_000;

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
