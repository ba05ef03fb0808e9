import { mqttLinks } from '../messaging/broker/mqtt-link.ts';
import { systemRandom } from '../messaging/broker/retry-delays.ts';
import { type Knock, knock } from '../messaging/gate/check-passport.ts';
import type { GatePassport } from '../messaging/site/site-files.ts';
import type { Session } from './session.ts';

const ANSWERS_WITHIN_MS = 15_000;

/** Tries once whether the site's broker lets this gate in; a gate that runs is not disturbed. */
export function knockAtBroker(session: Session, passport: GatePassport): Promise<Knock> {
  const { clock } = session.composition;
  const { broker } = passport;
  const logger = session.logger(session.config());
  const openLink = mqttLinks({ broker, clock, logger, random: systemRandom });
  return knock(passport, { openLink, clock, withinMs: ANSWERS_WITHIN_MS });
}
