import { ProtocolError } from '../domain/errors.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import { mqttLinks } from '../messaging/broker/mqtt-link.ts';
import { systemRandom } from '../messaging/broker/retry-delays.ts';
import { SiteDesk, type SiteDeskListener } from '../messaging/seat/site-desk.ts';
import type { SiteFolder } from './site-folder.ts';

export interface OpenSiteDeskOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener?: SiteDeskListener;
  /** Ends the waiting for the broker. */
  readonly signal?: AbortSignal;
  /** How long to wait for the broker; default: long enough for a second and a third try. */
  readonly withinMs?: number;
}

const CONNECT_WITHIN_MS = 20_000;
const POLL_MS = 50;

/**
 * Sits down at the site's desk: connected to the broker when it resolves. Close the desk, then the folder.
 * @throws PORTICO_SITE_FILE, PORTICO_SITE_UNREACHABLE, or the signal's reason
 */
export async function openSiteDesk(
  folder: SiteFolder,
  { clock, logger, listener, signal, withinMs = CONNECT_WITHIN_MS }: OpenSiteDeskOptions,
): Promise<SiteDesk> {
  const { seat } = folder;
  const desk = await SiteDesk.open({
    seat,
    book: folder.openBook(),
    clock,
    logger,
    openLink: mqttLinks({ broker: seat.broker, clock, logger, random: systemRandom }),
    ...(listener === undefined ? {} : { listener }),
  });
  const deadline = clock.now() + withinMs;
  try {
    while (!desk.isConnected) {
      if (clock.now() >= deadline) throw unreachable(seat.broker.url, desk.trouble);
      await clock.sleep(POLL_MS, signal);
    }
  } catch (error) {
    await desk.close();
    throw error;
  }
  return desk;
}

const unreachable = (url: string, detail = 'no answer'): ProtocolError =>
  new ProtocolError('PORTICO_SITE_UNREACHABLE', {
    message: `the broker ${url} cannot be reached: ${detail}`,
    remedy: 'Check the network and the broker; nothing was changed.',
    context: { url },
  });
