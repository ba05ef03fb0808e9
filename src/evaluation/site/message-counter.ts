import type {
  BrokerListener,
  IncomingMessage,
  OpenBrokerLink,
} from '../../messaging/broker/broker-link.ts';

/** What came over a link, before anybody looked at it. */
export interface MessageCounts {
  recordMessages: number;
  otherMessages: number;
  payloadBytes: number;
}

/** Links that count what they receive. */
export const countingMessages =
  (open: OpenBrokerLink, counts: MessageCounts): OpenBrokerLink =>
  (hello, listener) =>
    open(hello, {
      onUp: (session) => listener.onUp(session),
      onDown: (detail, isRefused) => listener.onDown(detail, isRefused),
      onMessage: (message) => {
        count(message, counts);
        return listener.onMessage(message);
      },
    } satisfies BrokerListener);

function count({ topic, payload }: IncomingMessage, counts: MessageCounts): void {
  if (topic.includes('/roster/')) counts.recordMessages += 1;
  else counts.otherMessages += 1;
  counts.payloadBytes += payload.length;
}
