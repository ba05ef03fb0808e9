import type { Config } from '../config/schema.ts';
import { checkPassport } from '../messaging/gate/check-passport.ts';
import { readPassport } from '../runtime/site-passport.ts';
import { failed, passed } from './check-result.ts';
import type { DeviceCheck } from './composition.ts';
import { knockAtBroker } from './knock-at-broker.ts';
import type { Session } from './session.ts';

const PART = 'site';

/** Whether this gate's passport holds and its broker lets it in; empty where it stands alone. Names nobody. */
export async function checkSite(session: Session, config: Config): Promise<readonly DeviceCheck[]> {
  try {
    const passport = readPassport(config.site);
    if (passport === undefined) return [];
    await checkPassport(passport);
    const answer = await knockAtBroker(session, passport);
    switch (answer.outcome) {
      case 'welcome':
        return [passed(PART, 'the passport is whole, and the broker lets this gate in')];
      case 'refused':
        return [
          {
            part: PART,
            outcome: 'failed',
            detail: `the broker does not let this gate in: ${answer.detail}`,
            fix: "Look at the gate's certificate and the broker's access list.",
          },
        ];
      case 'no-answer':
        return [
          {
            part: PART,
            outcome: 'warning',
            detail: `the broker does not answer: ${answer.detail}`,
            fix: 'Look at the network and the broker; the door works meanwhile.',
          },
        ];
    }
  } catch (error) {
    return [failed(PART, error)];
  }
}
