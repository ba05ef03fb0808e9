import type { ArtControl } from '../domain/art.ts';
import { EVERY_STYLE } from '../domain/art.ts';
import type { IncomingMessage } from '../messaging/broker/broker-link.ts';
import { ART_INTERVAL_S } from './home-discovery.ts';
import type { HomeTopics } from './home-topics.ts';

const PAYLOAD_MAX_BYTES = 256;

/** What is wanted of the wall's art; undefined: nothing that a gate knows. */
export type ArtWish = Parameters<ArtControl['change']>[0];

/** Reads a command on one of the art's topics. */
export function artWish(
  { topic, payload, isRetained }: IncomingMessage,
  topics: HomeTopics,
  styles: readonly string[],
): ArtWish | undefined {
  if (isRetained || payload.length > PAYLOAD_MAX_BYTES) return undefined;
  const text = Buffer.from(payload).toString('utf8');
  switch (topic) {
    case topics.artPower:
      return text === 'ON' || text === 'OFF' ? { isOn: text === 'ON' } : undefined;
    case topics.artStyle:
      return text === EVERY_STYLE || styles.includes(text) ? { style: text } : undefined;
    case topics.artInterval: {
      // Home Assistant's numbers may come as 120.0.
      const intervalS = /^\d{1,6}(\.0+)?$/.test(text) ? Number(text) : Number.NaN;
      return intervalS >= ART_INTERVAL_S.least && intervalS <= ART_INTERVAL_S.most
        ? { intervalS }
        : undefined;
    }
    default:
      return undefined;
  }
}
