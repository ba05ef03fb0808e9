import type { BrokerHello, OutgoingMessage } from '../broker/broker-link.ts';
import { availabilityPayload } from '../documents/state-document.ts';
import type { GatePassport } from '../site/site-files.ts';
import { siteTopics } from '../topics.ts';

const SESSION_EXPIRY_SECONDS = 7 * 24 * 3600;
const KEEPALIVE_SECONDS = 15;
/** A short cut is no news to anybody. */
const WILL_DELAY_SECONDS = 10;

/** How a gate presents itself to its broker, and what the broker says when it vanishes. */
export function gateHello(
  passport: GatePassport,
  keepaliveSeconds = KEEPALIVE_SECONDS,
): BrokerHello {
  return {
    clientId: `portico-${passport.site}-gate-${passport.gateId}`,
    sessionExpirySeconds: SESSION_EXPIRY_SECONDS,
    keepaliveSeconds,
    will: { ...availabilityOf(passport, 'offline'), delaySeconds: WILL_DELAY_SECONDS },
  };
}

export function availabilityOf(
  { site, gateId }: GatePassport,
  availability: 'online' | 'offline',
): OutgoingMessage {
  return {
    topic: siteTopics(site).gate(gateId).availability,
    payload: availabilityPayload(availability),
    isRetained: true,
  };
}
