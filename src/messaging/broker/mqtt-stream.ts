import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { SIZE_LIMITS } from '../size-limits.ts';
import type { BrokerEndpoint } from './broker-link.ts';
import { PacketSizeGuard } from './packet-size-guard.ts';

const TLS_PORT = 8883;
const PLAIN_PORT = 1883;

/**
 * The byte stream to a broker: TLS 1.2 or newer with our certificate if we have one, the broker's checked
 * against the authorities given and no others; or TCP where the address says mqtt://. It destroys itself when a packet
 * is announced that is larger than allowed, whatever the broker was told.
 */
export function openMqttStream({ url, tls }: BrokerEndpoint): Socket {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket =
    tls === undefined
      ? connectTcp({ host, port: port === '' ? PLAIN_PORT : Number(port) })
      : connectTls({
          host,
          port: port === '' ? TLS_PORT : Number(port),
          ...(isIP(host) === 0 ? { servername: host } : {}),
          ca: tls.authority,
          cert: tls.certificate,
          key: tls.privateKey,
          minVersion: 'TLSv1.2',
          rejectUnauthorized: true,
        });
  socket.setNoDelay(true);
  const guard = new PacketSizeGuard(SIZE_LIMITS.packet);
  socket.on('data', (chunk: Buffer) => {
    if (!guard.accepts(chunk)) socket.destroy(new OversizePacket());
  });
  return socket;
}

class OversizePacket extends Error {
  /** MQTT's own name for it; also what makes the client report the error. */
  readonly code = 'PACKET_TOO_LARGE';

  constructor() {
    super(`the broker sent a packet of more than ${SIZE_LIMITS.packet} bytes`);
  }
}
