import { mqttLinks } from '../messaging/broker/mqtt-link.ts';
import { systemRandom } from '../messaging/broker/retry-delays.ts';
import { redeemCard } from '../messaging/gate/redeem-card.ts';
import type { PassportCard } from '../messaging/site/passport-card.ts';
import { type GatePassport, parseGatePassport } from '../messaging/site/site-files.ts';
import { cardInPhoto } from './read-card.ts';
import type { Session } from './session.ts';

const ANSWERS_WITHIN_MS = 15_000;
const BRACE = 0x7b;

/** A passport's file, or a photograph of its code. @throws PORTICO_SITE_FILE, PORTICO_IMAGE_UNREADABLE, PORTICO_SITE_UNREACHABLE */
export async function passportIn(session: Session, bytes: Buffer): Promise<GatePassport> {
  const begin = bytes.findIndex((byte) => byte > 0x20);
  if (bytes[begin] === BRACE || begin === -1) return parseGatePassport(bytes.toString('utf8'));
  return redeemed(session, await cardInPhoto(bytes));
}

/** Fetches from the broker what the card leaves out. @throws PORTICO_SITE_UNREACHABLE, PORTICO_SITE_REFUSED, PORTICO_SITE_FILE */
export async function redeemed(session: Session, card: PassportCard): Promise<GatePassport> {
  const { terminal, composition, signal } = session;
  const { clock } = composition;
  const { broker } = card;
  terminal.note(`read: the code of ${card.gateId} of the site ${card.site}`);
  terminal.bar('keys from the broker', undefined, broker.url);
  const logger = session.logger(session.config());
  const openLink = mqttLinks({ broker, clock, logger, random: systemRandom });
  return redeemCard(card, { openLink, clock, signal, withinMs: ANSWERS_WITHIN_MS });
}
