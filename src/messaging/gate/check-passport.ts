import { ProtocolError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { OpenBrokerLink } from '../broker/broker-link.ts';
import type { GatePassport } from '../site/site-files.ts';
import { SiteKeys } from './site-keys.ts';

/** How a broker met a gate that knocked once. */
export type Knock =
  | { readonly outcome: 'welcome' }
  | { readonly outcome: 'refused' | 'no-answer'; readonly detail: string };

export interface KnockOptions {
  readonly openLink: OpenBrokerLink;
  readonly clock: Clock;
  /** The first refusal or failure to connect ends it; silence does after so long. */
  readonly withinMs: number;
}

const NOTHING_KEPT = { setting: () => undefined, setSetting: () => undefined };

/** Whether the keys in it are what their site's root key made for this gate. @throws PORTICO_SITE_FILE */
export async function checkPassport(passport: GatePassport): Promise<void> {
  const keys = await SiteKeys.open(passport, NOTHING_KEPT);
  if (keys.trust.epoch > 0 && keys.contentKeys.length > 0) return;
  throw new ProtocolError('PORTICO_SITE_FILE', {
    message: 'the keys in this passport are not those that its site made for this gate',
    remedy: 'Have the administrator provision the gate anew.',
    context: { site: passport.site, gateId: passport.gateId },
  });
}

/** Connects once, beside a gate that may be running, and leaves nothing at the broker. */
export function knock(
  { site, gateId }: GatePassport,
  { openLink, clock, withinMs }: KnockOptions,
): Promise<Knock> {
  return new Promise((resolve) => {
    let isOver = false;
    const end = (answer: Knock): void => {
      // Taking leave is a connection that ends as well.
      if (isOver) return;
      isOver = true;
      cancel();
      void link.close().then(() => resolve(answer));
    };
    const cancel = clock.after(withinMs, () =>
      end({ outcome: 'no-answer', detail: `nothing within ${withinMs / 1_000} s` }),
    );
    const link = openLink(
      {
        clientId: `portico-${site}-gate-${gateId}-knock`,
        sessionExpirySeconds: 0,
        keepaliveSeconds: 15,
      },
      {
        onUp: () => end({ outcome: 'welcome' }),
        onDown: (detail, isRefused) =>
          end({ outcome: isRefused ? 'refused' : 'no-answer', detail }),
        onMessage: () => undefined,
      },
    );
  });
}
