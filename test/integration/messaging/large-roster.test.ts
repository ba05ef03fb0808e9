import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock as clock } from '../../../device/clock/system-clock.ts';
import type { RosterPerson } from '../../../src/domain/roster.ts';
import { wallMs } from '../../../src/domain/units.ts';
import { mqttLinks } from '../../../src/messaging/broker/mqtt-link.ts';
import { SiteLink } from '../../../src/messaging/gate/site-link.ts';
import { RosterBook } from '../../../src/messaging/seat/roster-book.ts';
import { SiteDesk } from '../../../src/messaging/seat/site-desk.ts';
import type { BrokerAddress } from '../../../src/messaging/site/site-files.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { Mosquitto, mosquittoMissing } from '../../helpers/mosquitto.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import { gateOptions, makeSite } from '../../helpers/site-fixture.ts';
import { openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { unitVector } from '../../helpers/store-data.ts';
import { TcpProxy } from '../../helpers/tcp-proxy.ts';
import { until } from '../../helpers/until.ts';

/** Raise for the real thing: ROSTER_PEOPLE=10000. */
const PEOPLE = Number(process.env['ROSTER_PEOPLE'] ?? '300');
const ENCODER = { modelId: 'encoder-512', dimension: 512 };
const folder = scratchFolder();
const logger = new RecordingLogger();
const linksTo = (broker: BrokerAddress) =>
  mqttLinks({ broker, clock, logger, random: seededRandom(1) });

const bigPerson = (index: number, seed = index): RosterPerson => {
  const identityId = `person-${index}`;
  const templateId = `${identityId}.${seed}`;
  const { modelId, dimension } = ENCODER;
  const embedding = unitVector(seed, dimension);
  return {
    identity: { identityId, name: `Somebody ${index}` },
    templates: [
      { templateId, identityId, modelId, embedding, enrolledAtMs: wallMs(1_767_000_000_000) },
    ],
  };
};

describe('a large roster', { skip: mosquittoMissing }, () => {
  it('fills a fresh gate, and afterwards only what changed travels', async (context) => {
    const broker = await Mosquitto.start('harbour');
    const proxy = await TcpProxy.to(broker.port);
    const site = await makeSite(clock, {
      addressFor: (name) => broker.addressFor(name, name === 'gate-1' ? proxy.port : broker.port),
    });
    const { administrator } = site;
    const desk = await SiteDesk.open({
      seat: administrator,
      book: new RosterBook(),
      clock,
      logger,
      openLink: linksTo(administrator.broker),
    });
    await until('the desk is connected', () => desk.isConnected);
    for (let first = 0; first < PEOPLE; first += 50) {
      const some = Array.from({ length: Math.min(50, PEOPLE - first) }, (_, i) => first + i);
      await Promise.all(some.map((index) => desk.publishRecord(bigPerson(index))));
    }
    await desk.publishHead();

    const path = join(folder, 'large.db');
    const store = openTestStore(path, { clock });
    const passport = site.passports[0]!;
    const memoryBefore = process.memoryUsage().rss;
    const startedAt = performance.now();
    const gate = await SiteLink.start({
      ...gateOptions({ passport, store, clock, logger, openLink: linksTo(passport.broker) }),
      encoders: [ENCODER],
    });
    let peak = 0;
    await until(
      'the gate has everybody',
      () => {
        peak = Math.max(peak, process.memoryUsage().rss);
        return gate.standing() === 'current';
      },
      300_000,
    );
    const seconds = (performance.now() - startedAt) / 1000;
    assert.equal(store.identities().length, PEOPLE);
    const bytes = proxy.bytesDown;
    context.diagnostic(
      `${PEOPLE} people: ${seconds.toFixed(1)} s, ${(bytes / 1e6).toFixed(1)} MB received, ` +
        `memory grew by ${((peak - memoryBefore) / 2 ** 20).toFixed(0)} MiB, ` +
        `store ${(statSync(path).size / 1e6).toFixed(1)} MB`,
    );

    proxy.cut();
    await until('the cut was noticed', () => !gate.isConnected);
    for (let index = 0; index < 10; index += 1) {
      await desk.publishRecord(bigPerson(index, index + PEOPLE));
    }
    await desk.publishHead();
    const before = proxy.bytesDown;
    await until('the gate is back', () => gate.isConnected);
    await until(
      'the changes came',
      () => store.templatesOf('person-9')[0]?.templateId === `person-9.${9 + PEOPLE}`,
    );
    await until('the roster is current', () => gate.standing() === 'current');
    const changed = proxy.bytesDown - before;
    context.diagnostic(`10 changes over a reconnection: ${(changed / 1e3).toFixed(0)} kB received`);
    assert.ok(changed < 30 * (bytes / PEOPLE) + 30_000);
    await Promise.all([gate.close(), desk.close()]);
    store.close();
    await proxy.close();
    await broker.dispose();
  });
});
