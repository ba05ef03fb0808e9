import { ProtocolError } from '../../src/domain/errors.ts';
import type { EventFit } from '../../src/messaging/seat/event-follower.ts';

/** Never, whatever happens to broker or line: events that are gone, or were altered. */
export const EVENT_LOSSES: readonly EventFit[] = ['after-loss', 'broken-chain', 'new-stream'];

/** Does it again for as long as the broker cannot be reached. @param reconnected  before each further attempt */
export async function insistOn(
  work: () => Promise<unknown>,
  reconnected: () => Promise<void>,
): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      const isAway = error instanceof ProtocolError && error.code === 'PORTICO_SITE_UNREACHABLE';
      if (!isAway) throw error;
      await reconnected();
    }
  }
}
