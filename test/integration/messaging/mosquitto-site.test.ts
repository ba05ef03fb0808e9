import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock as clock } from '../../../device/clock/system-clock.ts';
import type { Store } from '../../../src/gallery/store.ts';
import { mqttLinks } from '../../../src/messaging/broker/mqtt-link.ts';
import { SiteLink } from '../../../src/messaging/gate/site-link.ts';
import { RosterBook } from '../../../src/messaging/seat/roster-book.ts';
import { SiteDesk } from '../../../src/messaging/seat/site-desk.ts';
import type { BrokerAddress, SeatFile } from '../../../src/messaging/site/site-files.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { MemoryPictureArchive } from '../../helpers/memory-picture-archive.ts';
import { Mosquitto, mosquittoMissing } from '../../helpers/mosquitto.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import {
  gateOptions,
  MemoryArchive,
  makeSite,
  person,
  type TestSite,
} from '../../helpers/site-fixture.ts';
import { openTestStore, scratchFolder } from '../../helpers/store-bench.ts';
import { until } from '../../helpers/until.ts';

const SITE = 'harbour';
const PICTURE = Buffer.from([
  0xff,
  0xd8,
  0xff,
  0xe0,
  ...Buffer.from('a face, as far as anybody knows'),
]);
const folder = scratchFolder();
const logger = new RecordingLogger();
const linksTo = (broker: BrokerAddress) =>
  mqttLinks({ broker, clock, logger, random: seededRandom(1) });

const percentile = (values: readonly number[], share: number): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length * share)] ?? Number.NaN;

describe('a site on mosquitto over TLS', { skip: mosquittoMissing }, () => {
  let broker: Mosquitto;
  let site: TestSite;
  let store: Store;
  let gate: SiteLink;
  let desk: SiteDesk;
  let auditor: SiteDesk;
  const archive = new MemoryArchive();
  const pictures = new MemoryPictureArchive(archive);

  const openDesk = async (seat: SeatFile): Promise<SiteDesk> => {
    const opened = await SiteDesk.open({
      seat,
      book: new RosterBook(),
      clock,
      logger,
      openLink: linksTo(seat.broker),
    });
    await until('the desk is connected', () => opened.isConnected);
    return opened;
  };

  before(async () => {
    broker = await Mosquitto.start(SITE);
    const addressFor = (name: string) => broker.addressFor(name);
    site = await makeSite(clock, { site: SITE, addressFor });
    store = openTestStore(join(folder, 'gate.db'), { clock });
    const passport = site.passports[0]!;
    gate = await SiteLink.start({
      ...gateOptions({ passport, store, clock, logger, openLink: linksTo(passport.broker) }),
      keepPicturesForMs: 3_600_000,
    });
    await until('the gate is connected', () => gate.isConnected);
    desk = await openDesk(site.administrator);
    await desk.publishKeys(site.file);
    auditor = await openDesk(site.auditor);
    await auditor.followEvents(archive, { onEvent: () => undefined }, { pictures });
  });

  after(async () => {
    await Promise.all([gate.close(), desk.close(), auditor.close()]);
    store.close();
    await broker.dispose();
  });

  it('brings a person to the gate and takes the person away again', async (context) => {
    const enrolled: number[] = [];
    const deleted: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      const identityId = `p-${round}`;
      const published = performance.now();
      await desk.publishRecord(person(identityId, round + 1));
      await until('the person is in the gallery', () => store.identity(identityId) !== undefined);
      enrolled.push(performance.now() - published);
    }
    await desk.publishHead();
    await until('the roster is current', () => gate.standing() === 'current');
    for (let round = 0; round < 20; round += 1) {
      const published = performance.now();
      await desk.publishTombstone(`p-${round}`);
      await until('the person is gone', () => store.identity(`p-${round}`) === undefined);
      deleted.push(performance.now() - published);
    }
    await desk.publishHead();
    await until('the roster is current', () => gate.standing() === 'current');
    const told = (values: readonly number[]) =>
      `p50 ${percentile(values, 0.5).toFixed(1)} ms, p95 ${percentile(values, 0.95).toFixed(1)} ms`;
    context.diagnostic(
      `publish to gallery: ${told(enrolled)}; tombstone to gone: ${told(deleted)}`,
    );
    assert.equal(store.identities().length, 10);
    assert.ok(percentile(deleted, 0.95) < 1_000);
    assert.deepEqual(gate.refusals(), {});
  });

  it('obeys a command and answers it', async () => {
    assert.deepEqual(await desk.sendCommand('gate-1', { name: 'lock-down' }), { outcome: 'done' });
  });

  it('carries every event to the auditor once, and forgets it on the receipt only', async () => {
    for (let count = 0; count < 100; count += 1) store.append({ type: 'door.forced' });
    gate.noteEvent();
    await until('all events arrived', () => archive.events.length === 100);
    assert.deepEqual(
      archive.numbersOf('gate-1'),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    await until('the gate forgot them', () => store.outboxRange().acknowledged === 100);
  });

  it('carries a sealed picture to the auditor, and forgets it on the receipt', async () => {
    const { number } = store.append({ type: 'access.denied', reasons: ['no-match'] });
    assert.equal(await gate.pictures.keep(number, PICTURE), 'kept');
    await until('the auditor has it', () => pictures.kept.size === 1);
    await until('the gate forgot it', () => store.pictures.count === 0);
    assert.deepEqual(
      pictures.announcements().map(({ of }) => of),
      [number],
    );
    await until('its events are safe', () => archive.events.length === 102);
  });

  it('recovers from a broker that was killed and lost its database', async () => {
    await broker.kill();
    broker.forgetDatabase();
    for (let count = 0; count < 50; count += 1) store.append({ type: 'door.closed' });
    await broker.run();
    await until('everybody is back', () => gate.isConnected && desk.isConnected);
    await desk.publishKeys(site.file);
    await desk.republish();
    await desk.publishRecord(person('late', 99));
    await desk.publishHead();
    await until('the newcomer is here', () => store.identity('late') !== undefined);
    await until('the roster is current', () => gate.standing() === 'current');
    await until('no event was lost', () => archive.events.length === 152, 40_000);
    assert.deepEqual(
      archive.numbersOf('gate-1'),
      Array.from({ length: 152 }, (_, index) => index + 1),
    );
  });

  it('keeps neither template nor name nor picture in the clear', async () => {
    const secret = person('scanned', 77, 'Ariadne Nightingale');
    await desk.publishRecord(secret);
    await gate.pictures.keep(101, PICTURE);
    await until('the picture was on its way', () => pictures.kept.size === 2);
    await broker.stop();
    const database = readFileSync(broker.databasePath);
    assert.ok(database.includes('portico/harbour/roster/scanned'), 'the record was kept at all');
    const vector = Buffer.from(secret.templates[0]!.embedding.buffer);
    for (const part of [
      secret.identity.name,
      'Nightingale',
      vector,
      vector.toString('base64url'),
      PICTURE,
      PICTURE.toString('base64').slice(8, 40),
      PICTURE.toString('base64url').slice(8, 40),
    ]) {
      assert.equal(database.includes(part), false);
    }
    await broker.run();
  });
});
