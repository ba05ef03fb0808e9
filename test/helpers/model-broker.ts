import { ProtocolError } from '../../src/domain/errors.ts';
import type {
  BrokerHello,
  BrokerLink,
  BrokerListener,
  Delivery,
  IncomingMessage,
  OpenBrokerLink,
  OutgoingMessage,
  Subscription,
} from '../../src/messaging/broker/broker-link.ts';

interface Client {
  readonly hello: BrokerHello;
  readonly listener: BrokerListener;
  readonly filters: Set<string>;
  isUp: boolean;
}

/**
 * A broker in memory that does what MQTT 5 says, as far as a site uses it: retained messages,
 * subscriptions with one-level wildcards, acknowledgements. Everything published is kept in `log`, so
 * that a hostile one can be played on top of it.
 */
export class ModelBroker {
  readonly retained = new Map<string, IncomingMessage>();
  readonly log: IncomingMessage[] = [];
  /** Messages handed on that were not acknowledged yet. */
  undelivered = 0;
  readonly #clients = new Set<Client>();
  /** False: the broker takes messages and hands none on. */
  isForwarding = true;
  /** False: whatever is published arrives, and its sender is cut off before it hears so. */
  isAcknowledging = true;

  readonly openLink: OpenBrokerLink = (hello, listener) => {
    const client: Client = { hello, listener, filters: new Set(), isUp: false };
    this.#clients.add(client);
    setImmediate(() => this.#comeUp(client, 'fresh'));
    return this.#linkOf(client);
  };

  /** Cuts everybody off. */
  goDown(): void {
    for (const client of this.#clients) {
      if (!client.isUp) continue;
      client.isUp = false;
      client.listener.onDown('cut', false);
    }
  }

  /** Back again; 'fresh' has forgotten everything. */
  comeUp(session: 'resumed' | 'fresh'): void {
    if (session === 'fresh') {
      this.retained.clear();
      for (const client of this.#clients) client.filters.clear();
    }
    for (const client of this.#clients) this.#comeUp(client, session);
  }

  /** Says something to one client, whatever it subscribed to. */
  async say(clientId: string, message: IncomingMessage): Promise<void> {
    for (const client of this.#clients) {
      if (client.hello.clientId === clientId) await client.listener.onMessage(message);
    }
  }

  /** Says something to every client whose id matches. */
  async sayTo(clientIds: RegExp, message: IncomingMessage): Promise<void> {
    for (const client of this.#clients) {
      if (clientIds.test(client.hello.clientId)) await client.listener.onMessage(message);
    }
  }

  #comeUp(client: Client, session: 'resumed' | 'fresh'): void {
    if (client.isUp || !this.#clients.has(client)) return;
    client.isUp = true;
    client.listener.onUp(session);
  }

  #linkOf(client: Client): BrokerLink {
    const assertUp = (): void => {
      if (!client.isUp) throw new ProtocolError('PORTICO_SITE_UNREACHABLE', DOWN);
    };
    return {
      publish: async (message) => {
        assertUp();
        const delivery = this.#take(message);
        if (!this.isAcknowledging) throw new ProtocolError('PORTICO_SITE_UNREACHABLE', DOWN);
        return delivery;
      },
      subscribe: async (subscriptions) => {
        assertUp();
        this.#subscribe(client, subscriptions);
      },
      close: async () => {
        client.isUp = false;
        this.#clients.delete(client);
      },
    };
  }

  #subscribe(client: Client, subscriptions: readonly Subscription[]): void {
    for (const { filter, wantsRetained } of subscriptions) {
      client.filters.add(filter);
      if (!wantsRetained || !this.isForwarding) continue;
      for (const message of this.retained.values()) {
        if (matches(filter, message.topic)) this.#deliver(client, message);
      }
    }
  }

  #take({ topic, payload, isRetained, responseTopic, correlation }: OutgoingMessage): Delivery {
    const message: IncomingMessage = {
      topic,
      payload: Buffer.from(payload),
      isRetained,
      ...(responseTopic === undefined ? {} : { responseTopic }),
      ...(correlation === undefined ? {} : { correlation }),
    };
    this.log.push(message);
    if (isRetained) this.retained.set(topic, message);
    let delivery: Delivery = 'nobody-there';
    if (!this.isForwarding) return delivery;
    for (const client of this.#clients) {
      if (!client.isUp || ![...client.filters].some((filter) => matches(filter, topic))) continue;
      delivery = 'taken';
      this.#deliver(client, message);
    }
    return delivery;
  }

  #deliver(client: Client, message: IncomingMessage): void {
    this.undelivered += 1;
    setImmediate(() => void this.#hand(client, message));
  }

  async #hand(client: Client, message: IncomingMessage): Promise<void> {
    if (client.isUp) await client.listener.onMessage(message);
    this.undelivered -= 1;
  }
}

const DOWN = { message: 'the model broker is away', remedy: 'Let it come up again in the test.' };

const matches = (filter: string, topic: string): boolean => {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  return (
    wanted.length === levels.length &&
    wanted.every((level, index) => level === '+' || level === levels[index])
  );
};
