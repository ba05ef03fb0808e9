import { type IClientPublishOptions, MqttClient } from 'mqtt';
import { ProtocolError } from '../../domain/errors.ts';
import type { Cancel, Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import type {
  BrokerEndpoint,
  BrokerHello,
  BrokerLink,
  BrokerListener,
  Delivery,
  IncomingMessage,
  OpenBrokerLink,
  OutgoingMessage,
  Subscription,
} from './broker-link.ts';
import { FlowWindow } from './flow-window.ts';
import { openMqttStream } from './mqtt-stream.ts';
import { type Random, RetryDelays } from './retry-delays.ts';

export interface MqttLinkParts {
  readonly broker: BrokerEndpoint;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: Random;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 60_000;
/** A connection that held for so long was a good one: the next failure begins with short delays again. */
const SETTLED_AFTER_MS = 10_000;
const CONNECT_TIMEOUT_MS = 15_000;
/** Publishes under way at once, unless the broker wants fewer. */
const WINDOW = 32;
/** Messages that the broker may send before we have acknowledged them. */
const RECEIVE_MAXIMUM = 64;
/** PUBACK "no matching subscribers". */
const NOBODY_THERE = 0x10;
const SCHEMA_VERSION = '1';

/** Links to one broker, for `SiteLink.start` and `SiteDesk.open`. */
export const mqttLinks =
  (parts: MqttLinkParts): OpenBrokerLink =>
  (hello, listener) =>
    new MqttLink(parts, hello, listener);

/**
 * MQTT 5 over MQTT.js. Every connection has a client object of its own, so that nothing of a broken
 * one lives on: what was under way is rejected and repeated by whoever owns it. The session at the
 * broker outlives them all.
 */
export class MqttLink implements BrokerLink {
  readonly #parts: MqttLinkParts;
  readonly #hello: BrokerHello;
  readonly #listener: BrokerListener;
  readonly #delays: RetryDelays;
  readonly #window = new FlowWindow(WINDOW);
  readonly #underWay = new Set<(error: unknown) => void>();
  #client: MqttClient | undefined;
  #isUp = false;
  #isClosed = false;
  #cancelRetry: Cancel = () => undefined;
  #cancelSettled: Cancel = () => undefined;
  #lastError = 'connection closed';
  #isRefused = false;

  constructor(parts: MqttLinkParts, hello: BrokerHello, listener: BrokerListener) {
    this.#parts = parts;
    this.#hello = hello;
    this.#listener = listener;
    this.#delays = new RetryDelays(FIRST_RETRY_MS, LAST_RETRY_MS, parts.random);
    this.#connect();
  }

  publish(message: OutgoingMessage): Promise<Delivery> {
    return this.#window.run(() => this.#publish(message));
  }

  subscribe(subscriptions: readonly Subscription[]): Promise<void> {
    const client = this.#connected();
    if (client === undefined) return Promise.reject(unreachable(this.#lastError));
    const map = Object.fromEntries(
      subscriptions.map(({ filter, wantsRetained }) => [
        filter,
        // rap: a retained message must be known as one however it comes.
        { qos: 1 as const, rap: true, rh: wantsRetained ? 0 : 2 },
      ]),
    );
    return this.#track((resolve, reject) => {
      client.subscribe(map, (error) => {
        // SUBACK with a reason code of refusal comes as an error that carries the packet.
        const isVerdict = error !== null && 'packet' in error && error.packet !== undefined;
        if (isVerdict) reject(notAllowed(error.message));
        else if (error !== null) reject(unreachable(error.message));
        else resolve();
      });
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelRetry();
    this.#cancelSettled();
    const client = this.#client;
    if (client === undefined) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#parts.clock.after(1_000, () => {
        client.end(true);
        resolve();
      });
      client.end(!this.#isUp, () => {
        cancel();
        resolve();
      });
    });
    this.#down('closed');
  }

  #publish(message: OutgoingMessage): Promise<Delivery> {
    const client = this.#connected();
    if (client === undefined) return Promise.reject(unreachable(this.#lastError));
    const limit = client.serverProperties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    if (message.payload.length >= limit) {
      return Promise.reject(notAllowed(`publish ${message.payload.length} bytes`));
    }
    return this.#track((resolve, reject) => {
      client.publish(message.topic, message.payload, optionsOf(message), (error, packet) => {
        if (error !== undefined && error !== null) {
          const isVerdict = 'code' in error && Number(error.code) >= 0x80;
          reject(isVerdict ? notAllowed(error.message) : unreachable(error.message));
        } else {
          const reason = packet?.cmd === 'puback' ? packet.reasonCode : undefined;
          resolve(reason === NOBODY_THERE ? 'nobody-there' : 'taken');
        }
      });
    });
  }

  /** A promise that also rejects when the connection breaks. */
  #track<T>(
    work: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#underWay.add(reject);
      const settle = (): void => {
        this.#underWay.delete(reject);
      };
      work(
        (value) => {
          settle();
          resolve(value);
        },
        (error) => {
          settle();
          reject(error);
        },
      );
    });
  }

  #connected(): MqttClient | undefined {
    return this.#isUp ? this.#client : undefined;
  }

  #connect(): void {
    const { sessionExpirySeconds, keepaliveSeconds, clientId } = this.#hello;
    const will = willOf(this.#hello);
    const { login } = this.#parts.broker;
    const client = new MqttClient(() => openMqttStream(this.#parts.broker), {
      protocolId: 'MQTT',
      protocolVersion: 5,
      clientId,
      clean: sessionExpirySeconds === 0,
      keepalive: keepaliveSeconds,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      resubscribe: false,
      queueQoSZero: false,
      properties: {
        sessionExpiryInterval: sessionExpirySeconds,
        receiveMaximum: RECEIVE_MAXIMUM,
        maximumPacketSize: SIZE_LIMITS.packet,
      },
      ...(will === undefined ? {} : { will }),
      ...login,
    });
    this.#client = client;
    this.#lastError = 'connection closed';
    this.#isRefused = false;
    client.on('connect', ({ sessionPresent }) => {
      this.#isUp = true;
      this.#window.resize(Math.min(WINDOW, client.serverProperties?.receiveMaximum ?? WINDOW));
      this.#cancelSettled = this.#parts.clock.after(SETTLED_AFTER_MS, () => this.#delays.reset());
      this.#listener.onUp(sessionPresent ? 'resumed' : 'fresh');
    });
    client.on('error', (error) => {
      this.#lastError = error.message;
      // A reason code in CONNACK: the broker is there and says no.
      this.#isRefused = 'code' in error && typeof error.code === 'number' && error.code >= 0x80;
    });
    client.on('disconnect', ({ reasonCode }) => {
      this.#lastError = `the broker took leave with code ${reasonCode ?? 0}`;
    });
    client.on('close', () => {
      if (client === this.#client) this.#lost();
    });
    client.handleMessage = (packet, done) => {
      void this.#receive(incoming(packet)).finally(() => done());
    };
  }

  async #receive(message: IncomingMessage): Promise<void> {
    try {
      await this.#listener.onMessage(message);
    } catch (error) {
      // A message of a peer must never end the connection; that it came this far is our own defect.
      const fields = { event: 'site.message-failed', topic: message.topic, error };
      this.#parts.logger.error(fields, 'a message was not handled');
    }
  }

  #lost(): void {
    this.#down(this.#lastError);
    if (this.#isClosed) return;
    const client = this.#client;
    this.#client = undefined;
    client?.end(true);
    this.#cancelRetry = this.#parts.clock.after(this.#delays.next(), () => this.#connect());
  }

  #down(detail: string): void {
    const wasUp = this.#isUp;
    this.#isUp = false;
    this.#cancelSettled();
    const error = unreachable(detail);
    const underWay = [...this.#underWay];
    this.#underWay.clear();
    for (const reject of underWay) reject(error);
    this.#window.rejectWaiting(error);
    if (wasUp || !this.#isClosed) this.#listener.onDown(detail, this.#isRefused);
  }
}

function optionsOf(message: OutgoingMessage): IClientPublishOptions {
  const { expirySeconds, responseTopic, correlation } = message;
  return {
    qos: 1,
    retain: message.isRetained,
    properties: {
      userProperties: { 'portico-schema': SCHEMA_VERSION },
      ...(expirySeconds === undefined ? {} : { messageExpiryInterval: expirySeconds }),
      ...(responseTopic === undefined ? {} : { responseTopic }),
      ...(correlation === undefined ? {} : { correlationData: Buffer.from(correlation) }),
    },
  };
}

function willOf({ will }: BrokerHello) {
  if (will === undefined) return undefined;
  return {
    topic: will.topic,
    payload: Buffer.from(will.payload, 'utf8'),
    qos: 1 as const,
    retain: will.isRetained,
    properties: {
      willDelayInterval: will.delaySeconds,
      userProperties: { 'portico-schema': SCHEMA_VERSION },
    },
  };
}

function incoming(packet: Parameters<MqttClient['handleMessage']>[0]): IncomingMessage {
  const { responseTopic, correlationData } = packet.properties ?? {};
  return {
    topic: packet.topic,
    payload: Buffer.from(packet.payload),
    isRetained: packet.retain,
    ...(responseTopic === undefined ? {} : { responseTopic }),
    ...(correlationData === undefined ? {} : { correlation: correlationData }),
  };
}

const unreachable = (detail: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_UNREACHABLE', {
    message: `the broker cannot be reached: ${detail}`,
    remedy: 'Check the network and the broker; the gate goes on by itself and sends what waits.',
  });

const notAllowed = (detail: string): ProtocolError =>
  new ProtocolError('PORTICO_SITE_REFUSED', {
    message: `the broker refused: ${detail}`,
    remedy: "Check the broker's access list and the name in this client's certificate.",
  });
