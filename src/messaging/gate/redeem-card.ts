import { ProtocolError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { OpenBrokerLink } from '../broker/broker-link.ts';
import { textOf } from '../roster/read-roster.ts';
import type { PassportCard } from '../site/passport-card.ts';
import { type GatePassport, parseGatePassport } from '../site/site-files.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import { siteTopics } from '../topics.ts';
import { SiteKeys } from './site-keys.ts';

export interface RedeemOptions {
  readonly openLink: OpenBrokerLink;
  readonly clock: Clock;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

const NOTHING_KEPT = { setting: () => undefined, setSetting: () => undefined };

/**
 * The whole passport for a card: trust list and content keys are fetched from the site's broker, and count only
 * when the root on the card has signed them, for this gate, and not before the card was made.
 * @throws PORTICO_SITE_UNREACHABLE, PORTICO_SITE_REFUSED, and PORTICO_SITE_FILE when the broker has no such keys
 */
export function redeemCard(card: PassportCard, options: RedeemOptions): Promise<GatePassport> {
  const { openLink, clock, withinMs, signal } = options;
  const topics = siteTopics(card.site);
  const keysTopic = topics.gate(card.gateId).contentKeys;
  const limits = new Map([
    [topics.trustList, SIZE_LIMITS.trustList],
    [keysTopic, SIZE_LIMITS.contentKeys],
  ]);
  const texts = new Map<string, string>();
  return new Promise((resolve, reject) => {
    let isUp = false;
    let isOver = false;
    const end = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      cancel();
      signal.removeEventListener('abort', interrupt);
      void link.close().then(settle);
    };
    const interrupt = (): void => end(() => reject(signal.reason));
    const cancel = clock.after(withinMs, () =>
      end(() => reject(isUp ? notPublished(card) : unreachable(card, 'no answer'))),
    );
    signal.addEventListener('abort', interrupt);
    const link = openLink(
      {
        clientId: `portico-${card.site}-gate-${card.gateId}-join`,
        sessionExpirySeconds: 0,
        keepaliveSeconds: 15,
      },
      {
        onUp: () => {
          isUp = true;
          link
            .subscribe([...limits.keys()].map((filter) => ({ filter, wantsRetained: true })))
            .catch((error: unknown) => end(() => reject(error)));
        },
        onDown: (detail, isRefused) =>
          end(() => reject(isRefused ? refused(card, detail) : unreachable(card, detail))),
        onMessage: async ({ topic, payload }) => {
          if (payload.length > (limits.get(topic) ?? 0)) return;
          texts.set(topic, textOf(payload));
          const passport = await passportOf(
            card,
            texts.get(topics.trustList),
            texts.get(keysTopic),
          );
          if (passport !== undefined) end(() => resolve(passport));
        },
      },
    );
  });
}

async function passportOf(
  card: PassportCard,
  trustList: string | undefined,
  contentKeys: string | undefined,
): Promise<GatePassport | undefined> {
  if (trustList === undefined || contentKeys === undefined) return undefined;
  const { trustEpoch, ...rest } = card;
  const passport: GatePassport = { ...rest, trustList, contentKeys };
  const keys = await SiteKeys.open(passport, NOTHING_KEPT);
  const isWhole = keys.trust.epoch >= trustEpoch && keys.contentKeys.length > 0;
  return isWhole ? parseGatePassport(JSON.stringify(passport)) : undefined;
}

const notPublished = ({ site, gateId }: PassportCard): ProtocolError =>
  new ProtocolError('PORTICO_SITE_FILE', {
    message: `the broker has no keys that the site ${site} made for ${gateId}`,
    remedy:
      'At the desk: portico site publish. If the gate was provisioned again since, its newest code counts.',
    context: { site, gateId },
  });

const unreachable = ({ broker }: PassportCard, detail: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_UNREACHABLE', {
    message: `the code was read, but its broker ${broker.url} does not answer: ${detail}`,
    remedy: 'Connect the gate to the network and show the code again, or carry the file instead.',
  });

const refused = ({ broker }: PassportCard, detail: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_REFUSED', {
    message: `the code was read, but its broker ${broker.url} does not let this gate in: ${detail}`,
    remedy: "Look at the broker's access list and certificates, then show the code again.",
  });
