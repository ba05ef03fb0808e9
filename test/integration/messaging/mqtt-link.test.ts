import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import mqttPacket from 'mqtt-packet';
import { systemClock as clock } from '../../../device/clock/system-clock.ts';
import type {
  BrokerHello,
  IncomingMessage,
  SessionState,
} from '../../../src/messaging/broker/broker-link.ts';
import { MqttLink } from '../../../src/messaging/broker/mqtt-link.ts';
import type { BrokerAddress } from '../../../src/messaging/site/site-files.ts';
import { siteTopics } from '../../../src/messaging/topics.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { Mosquitto, mosquittoMissing } from '../../helpers/mosquitto.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { faultCoded } from '../../helpers/store-bench.ts';
import { TcpProxy } from '../../helpers/tcp-proxy.ts';
import { until } from '../../helpers/until.ts';

const topics = siteTopics('harbour');
const logger = new RecordingLogger();

/** A client that writes down what happens to it. */
class Client {
  readonly ups: SessionState[] = [];
  readonly downs: string[] = [];
  readonly messages: IncomingMessage[] = [];
  readonly link: MqttLink;
  isUp = false;

  constructor(broker: BrokerAddress, clientId: string, hello: Partial<BrokerHello> = {}) {
    this.link = new MqttLink(
      { broker, clock, logger, random: seededRandom(clientId.length) },
      { clientId, sessionExpirySeconds: 60, keepaliveSeconds: 2, ...hello },
      {
        onUp: (session) => {
          this.ups.push(session);
          this.isUp = true;
        },
        onDown: (detail) => {
          this.downs.push(detail);
          this.isUp = false;
        },
        onMessage: (message) => {
          this.messages.push(message);
        },
      },
    );
  }

  textsOn(topic: string): readonly string[] {
    return this.messages
      .filter((message) => message.topic === topic)
      .map(({ payload }) => Buffer.from(payload).toString());
  }
}

const say = (topic: string, payload: string) => ({ topic, payload, isRetained: false });

describe('a link to mosquitto', { skip: mosquittoMissing }, () => {
  let broker: Mosquitto;
  let administrator: Client;
  const opened: Client[] = [];
  const open = (...args: ConstructorParameters<typeof Client>): Client => {
    const client = new Client(...args);
    opened.push(client);
    return client;
  };

  before(async () => {
    broker = await Mosquitto.start('harbour');
    administrator = open(broker.addressFor('administrator'), 'administrator-1');
    await until('the administrator is up', () => administrator.isUp);
  });
  after(async () => {
    await Promise.all(opened.map(({ link }) => link.close()));
    await broker.dispose();
  });

  it('keeps its session over a cut, so that what came meanwhile arrives', async () => {
    const proxy = await TcpProxy.to(broker.port);
    const gate = open(broker.addressFor('gate-1', proxy.port), 'session-gate');
    await until('the gate is up', () => gate.isUp);
    const { command } = topics.gate('gate-1');
    await gate.link.subscribe([{ filter: command, wantsRetained: false }]);
    proxy.cut();
    await until('the gate noticed', () => gate.downs.length > 0);
    await administrator.link.publish(say(command, 'meanwhile'));
    await until('it arrived', () => gate.textsOn(command).includes('meanwhile'));
    assert.deepEqual(gate.ups.slice(0, 2), ['fresh', 'resumed']);
    await proxy.close();
  });

  it('notices a line that is dead without a word, and comes back', async (context) => {
    const proxy = await TcpProxy.to(broker.port);
    const gate = open(broker.addressFor('gate-1', proxy.port), 'half-open-gate');
    await until('the gate is up', () => gate.isUp);
    proxy.goSilent();
    const silentAt = performance.now();
    const lost = gate.link.publish(say(topics.gate('gate-1').state, 'unheard'));
    await assert.rejects(lost, faultCoded('PORTICO_SITE_UNREACHABLE'));
    context.diagnostic(
      `noticed after ${((performance.now() - silentAt) / 1000).toFixed(1)} s at a keep-alive of 2 s`,
    );
    assert.ok(performance.now() - silentAt < 8_000);
    proxy.heal();
    await until('the gate is back', () => gate.isUp);
    await proxy.close();
  });

  it('has its last will spoken when it vanishes for longer than the delay', async () => {
    const { availability } = topics.gate('gate-1');
    await administrator.link.subscribe([{ filter: availability, wantsRetained: false }]);
    const proxy = await TcpProxy.to(broker.port);
    const will = { topic: availability, payload: 'gone', isRetained: true, delaySeconds: 1 };
    const gate = open(broker.addressFor('gate-1', proxy.port), 'mortal-gate', { will });
    await until('the gate is up', () => gate.isUp);
    await proxy.close();
    await until('the will is spoken', () => administrator.textsOn(availability).includes('gone'));
  });

  it('knows a retained message as one, live as well as kept', async () => {
    const gate = open(broker.addressFor('gate-1'), 'retained-gate');
    await until('the gate is up', () => gate.isUp);
    const { command } = topics.gate('gate-1');
    await gate.link.subscribe([{ filter: command, wantsRetained: false }]);
    await administrator.link.publish({ ...say(command, 'kept'), isRetained: true });
    await until('it arrived', () => gate.textsOn(command).length > 0);
    assert.equal(gate.messages.find(({ topic }) => topic === command)?.isRetained, true);
    await gate.link.subscribe([{ filter: command, wantsRetained: false }]);
    await delay(200);
    assert.equal(gate.textsOn(command).length, 1, 'a kept command is not asked for');
    await administrator.link.publish({ ...say(command, ''), isRetained: true });
  });

  it('hands on response topic and correlation data', async () => {
    const gate = open(broker.addressFor('gate-1'), 'answering-gate');
    await until('the gate is up', () => gate.isUp);
    const { command } = topics.gate('gate-1');
    await gate.link.subscribe([{ filter: command, wantsRetained: false }]);
    const responseTopic = topics.answers('some-desk-1');
    const correlation = Buffer.from('c0ffee');
    await administrator.link.publish({
      ...say(command, 'x'),
      responseTopic,
      correlation,
      expirySeconds: 5,
    });
    await until('it arrived', () => gate.textsOn(command).includes('x'));
    const message = gate.messages.find(({ payload }) => Buffer.from(payload).toString() === 'x');
    assert.equal(message?.responseTopic, responseTopic);
    assert.deepEqual(Buffer.from(message?.correlation ?? []), correlation);
  });

  it('is held by the shipped access list to its own topics', async () => {
    const gate = open(broker.addressFor('gate-1'), 'curious-gate');
    const other = open(broker.addressFor('gate-2'), 'other-gate');
    const auditor = open(broker.addressFor('auditor'), 'auditor-1');
    await until('everybody is up', () => gate.isUp && other.isUp && auditor.isUp);
    const forbidden = [
      [gate, topics.record('p-1')],
      [gate, topics.rosterHead],
      [gate, topics.trustList],
      [gate, topics.gate('gate-2').state],
      [gate, topics.gate('gate-1').command],
      [gate, topics.gate('gate-1').receipt],
      [auditor, topics.record('p-1')],
      [auditor, topics.gate('gate-1').command],
    ] as const;
    for (const [client, topic] of forbidden) {
      await assert.rejects(
        client.link.publish(say(topic, 'x')),
        faultCoded('PORTICO_SITE_REFUSED'),
      );
    }
    await gate.link.subscribe([{ filter: 'portico/#', wantsRetained: true }]);
    await auditor.link.subscribe([{ filter: 'portico/#', wantsRetained: true }]);
    await administrator.link.publish(say(topics.gate('gate-2').command, 'for gate-2 only'));
    await administrator.link.publish({ ...say(topics.record('p-9'), 'record'), isRetained: true });
    await other.link.publish(say(topics.gate('gate-2').event, 'event'));
    await until('the gate heard the record', () => gate.textsOn(topics.record('p-9')).length > 0);
    await until('the auditor heard the event', () =>
      auditor.messages.some(({ topic }) => topic === topics.gate('gate-2').event),
    );
    const heardByGate = new Set(gate.messages.map(({ topic }) => topic));
    assert.equal(heardByGate.has(topics.gate('gate-2').command), false);
    assert.equal(heardByGate.has(topics.gate('gate-2').event), false);
    const heardByAuditor = new Set(auditor.messages.map(({ topic }) => topic));
    assert.equal(heardByAuditor.has(topics.gate('gate-2').command), false);
  });

  it('does not speak to a broker of another authority', async () => {
    const stranger = await Mosquitto.start('harbour');
    const { tls } = stranger.addressFor('gate-1');
    const gate = open(
      { url: `mqtts://localhost:${broker.port}`, ...(tls ? { tls } : {}) },
      'lost-gate',
    );
    await until('it was refused', () => gate.downs.length > 0);
    assert.equal(gate.ups.length, 0);
    await gate.link.close();
    await stranger.dispose();
  });
});

describe('a link to a broker that floods', () => {
  it('ends when a packet of 100 MB is announced, before it is read', async (context) => {
    let sent = 0;
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        const options = { protocolVersion: 5 } as const;
        const welcome = { cmd: 'connack', reasonCode: 0, sessionPresent: false } as const;
        socket.write(mqttPacket.generate(welcome, options));
        // PUBLISH with a remaining length of 100 MB.
        socket.write(Buffer.from([0x30, 0x80, 0xc2, 0xd7, 0x2f]));
        const flood = (): void => {
          while (!socket.destroyed && sent < 100_000_000) {
            sent += 65_536;
            if (!socket.write(Buffer.alloc(65_536))) {
              socket.once('drain', flood);
              return;
            }
          }
        };
        flood();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const before = process.memoryUsage().rss;
    const client = new Client({ url: `mqtt://127.0.0.1:${port}` }, 'flooded-gate');
    await until('the link ended', () => client.downs.length > 0);
    const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20;
    context.diagnostic(
      `${(sent / 1e6).toFixed(1)} MB were sent, memory grew by ${grownMiB.toFixed(0)} MiB`,
    );
    assert.match(client.downs[0] ?? '', /more than/);
    assert.ok(sent < 20_000_000);
    await client.link.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
