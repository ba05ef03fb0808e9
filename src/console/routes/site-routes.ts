import type { ConsoleRoom } from '../console-room.ts';
import { custodyOf } from '../custody.ts';
import { done, type Route } from '../exchange.ts';

/** GET /api/site */
export const showSite =
  (room: ConsoleRoom): Route =>
  async () => {
    const { parts, desk, people, gateIds } = room;
    return done({
      site: parts.folder.seat.site,
      broker: parts.folder.seat.broker.url,
      ownKid: desk.keyId,
      administrators: desk.trust
        .administrators()
        .map(({ kid, roles, validUntilMs }) => ({ kid, roles, validUntilMs })),
      trustEpoch: desk.trust.epoch,
      headEpoch: desk.book.head?.epoch ?? 0,
      people: people?.identities().length,
      gates: gateIds.length,
      custody: custodyOf(parts.folder),
    });
  };

/** GET /api/live: everything that changes, as server-sent events. */
export const followLive =
  (room: ConsoleRoom): Route =>
  async ({ response }) => {
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    if (!room.admit(response)) response.end();
    return 'answered';
  };
