import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { systemClock } from '../../../device/clock/system-clock.ts';
import type { Clock } from '../../../src/domain/ports/clock.ts';
import { similarity, wallMs } from '../../../src/domain/units.ts';
import type { BrokerLink, IncomingMessage } from '../../../src/messaging/broker/broker-link.ts';
import { mqttLinks } from '../../../src/messaging/broker/mqtt-link.ts';
import type { StateDocument } from '../../../src/messaging/documents/state-document.ts';
import type { CommandOutcome } from '../../../src/messaging/seat/command-desk.ts';
import type { FollowerListener } from '../../../src/messaging/seat/event-follower.ts';
import type { SiteDesk } from '../../../src/messaging/seat/site-desk.ts';
import { siteTopics } from '../../../src/messaging/topics.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { openSiteDesk } from '../../../src/office/open-site-desk.ts';
import { SitePeople } from '../../../src/office/site-people.ts';
import { decodeVector } from '../../../src/roster/roster-documents.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { unprepared } from '../../helpers/prepared-vision.ts';
import { PORTICO } from '../../helpers/real-gate.ts';
import { SiteBench } from '../../helpers/site-bench.ts';
import { until } from '../../helpers/until.ts';
import { WholeGate } from '../../helpers/whole-gate.ts';

const GATE_ID = 'front';
const PATIENCE_MS = 60_000;
/** Between two pulses. */
const STRIKE_PAUSE_MS = 2_000;
const topics = siteTopics('harbour');

/** A clock an hour ahead of everybody's. */
const ahead: Clock = {
  now: () => systemClock.now(),
  wall: () => wallMs(systemClock.wall() + 3_600_000),
  after: (delayMs, task) => systemClock.after(delayMs, task),
  every: (periodMs, task) => systemClock.every(periodMs, task),
  sleep: (delayMs, signal) => systemClock.sleep(delayMs, signal),
};

const samplesOf = (outcome: CommandOutcome) => {
  assert.ok(outcome.outcome === 'done' && outcome.samples !== undefined, JSON.stringify(outcome));
  return outcome.samples.map(({ modelId, embedding }) => {
    const vector = decodeVector(embedding);
    assert.ok(vector !== undefined);
    return { modelId, embedding: vector };
  });
};

const skip = mosquittoMissing === false ? unprepared() : mosquittoMissing;

describe('a real gate of a site on mosquitto over TLS', { skip }, () => {
  let site: SiteBench;
  let gate: WholeGate;
  let desk: SiteDesk;
  let people: SitePeople;
  let spy: BrokerLink;
  const commands: IncomingMessage[] = [];
  const states: StateDocument[] = [];

  before(async () => {
    site = await SiteBench.open();
    gate = await WholeGate.open(site, GATE_ID, {
      overrides: {
        policy: { liveness: { waivedBecause: 'a test with photographs of people' } },
        site: { pictures: { of: ['denied'], keepHours: 1 } },
      },
    });
    desk = await site.desk({ onState: (state) => void states.push(state) });
    people = await SitePeople.open({ desk, clock: systemClock });
    const openLink = mqttLinks({
      broker: site.office.seat.broker,
      clock: systemClock,
      logger: site.logger,
      random: seededRandom(1),
    });
    let isUp = false;
    spy = openLink(
      { clientId: 'spy', sessionExpirySeconds: 0, keepaliveSeconds: 30 },
      {
        onUp: () => {
          isUp = true;
        },
        onDown: () => undefined,
        onMessage: (message) => void commands.push(message),
      },
    );
    await until('the spy is connected', () => isUp);
    await spy.subscribe([{ filter: topics.gate(GATE_ID).command, wantsRetained: false }]);
    await until('the gate is in its site', () => states.at(-1)?.gate.camera === 'delivering');
  });
  after(async () => {
    await spy.close();
    await gate.close();
    await site.close();
  });

  /** Plays the visit again and again until it has this end. */
  const visits = async (what: string, isSo: () => boolean): Promise<void> => {
    const endsAt = systemClock.now() + PATIENCE_MS;
    while (systemClock.now() < endsAt && !isSo()) {
      gate.stage.play('resident');
      const leavesAt = systemClock.now() + gate.stage.sceneMs;
      await until(what, () => isSo() || systemClock.now() > leavesAt);
    }
    assert.ok(isSo(), what);
    gate.stage.play('empty');
  };
  const refused = (reason: string): boolean => (states.at(-1)?.refusals[reason] ?? 0) > 0;

  it('takes somebody in, and lets them in by one signed record', async () => {
    const answer = desk.sendCommand(
      GATE_ID,
      { name: 'capture-enrolment', identityId: 'ada', timeoutMs: PATIENCE_MS },
      { expiresInMs: 15_000, answerWithinMs: PATIENCE_MS + 10_000 },
    );
    let samples: ReturnType<typeof samplesOf> | undefined;
    void answer.then((outcome) => {
      samples = samplesOf(outcome);
    });
    await visits('somebody is taken in', () => samples !== undefined);
    assert.equal(gate.count('access.granted'), 0);
    await people.enrol({ identityId: 'ada', name: 'Ada' }, samples ?? []);
    await people.vouch();
    await visits('the person is admitted', () => gate.count('access.granted') === 1);
    await until('the roster is current', () => states.at(-1)?.roster.standing === 'current');
    assert.equal(states.at(-1)?.roster.count, 1);
  });

  it('makes the same of a photograph that is sent to it', async () => {
    const { rgb, widthPx, heightPx } = gate.stage.enrolmentPhoto;
    const raw = { width: widthPx, height: heightPx, channels: 3 } as const;
    const jpeg = await sharp(rgb, { raw }).jpeg({ quality: 95 }).toBuffer();
    const order = { name: 'encode-photo', identityId: 'ada' } as const;
    const timing = { expiresInMs: 15_000, answerWithinMs: PATIENCE_MS };
    const photo = jpeg.toString('base64url');
    const [sample] = samplesOf(await desk.sendCommand(GATE_ID, { ...order, photo }, timing));
    assert.ok(sample !== undefined);
    const [found] = people
      .gallery()
      .search({ ...sample, capturedAtMs: systemClock.now() }).candidates;
    assert.equal(found?.identity.identityId, 'ada');
    assert.ok(found.similarity > similarity(0.4), `${found.similarity}`);
    const broken = await desk.sendCommand(
      GATE_ID,
      { ...order, photo: jpeg.subarray(0, 2_000).toString('base64url') },
      timing,
    );
    assert.equal(broken.outcome === 'refused' && broken.reason, 'unreadable');
  });

  it('opens once for an order, and not again for the same message', async () => {
    await until('the door is shut', () => gate.gate.doorStatus?.state === 'locked');
    await systemClock.sleep(STRIKE_PAUSE_MS);
    assert.deepEqual(await desk.sendCommand(GATE_ID, { name: 'pulse' }), { outcome: 'done' });
    assert.equal(gate.count('door.opened-remotely'), 1);
    await until('the spy has the command', () => commands.length > 0);
    const { topic, payload, responseTopic, correlation } = commands.at(-1)!;
    const copy = {
      topic,
      payload: Buffer.from(payload).toString('utf8'),
      isRetained: false,
      ...(responseTopic === undefined ? {} : { responseTopic }),
      ...(correlation === undefined ? {} : { correlation }),
    };
    await until('the door is shut again', () => gate.gate.doorStatus?.state === 'locked');
    await spy.publish(copy);
    await spy.publish({ ...copy, isRetained: true });
    const late = await desk.sendCommand(
      GATE_ID,
      { name: 'pulse' },
      { expiresInMs: 0, answerWithinMs: 2_000 },
    );
    assert.deepEqual(late, { outcome: 'no-answer' });
    const early = await openSiteDesk(site.office, { clock: ahead, logger: site.logger });
    const tooEarly = await early.sendCommand(
      GATE_ID,
      { name: 'pulse' },
      { expiresInMs: 15_000, answerWithinMs: 2_000 },
    );
    assert.deepEqual(tooEarly, { outcome: 'no-answer' });
    await early.close();
    assert.deepEqual(await desk.sendCommand(GATE_ID, { name: 'sync' }), { outcome: 'done' });
    await until('the gate tells what it refused', () =>
      ['replayed', 'retained', 'expired', 'early'].every(refused),
    );
    assert.equal(gate.count('door.opened-remotely'), 1);
    await spy.publish({ topic, payload: '', isRetained: true });
  });

  it('is locked down and released from afar', async () => {
    await desk.sendCommand(GATE_ID, { name: 'lock-down' });
    assert.equal(gate.gate.doorStatus?.state, 'locked-down');
    const refusal = await desk.sendCommand(GATE_ID, { name: 'pulse' });
    assert.equal(refusal.outcome === 'refused' && refusal.reason, 'locked-down');
    const before = gate.count('access.granted');
    await visits('the person is refused', () => gate.count('access.denied') > 0);
    assert.equal(gate.count('access.granted'), before);
    await desk.sendCommand(GATE_ID, { name: 'release' });
    await until('the gate tells it', () => states.at(-1)?.gate.door === 'locked');
  });

  it('refuses whom the site has deleted', async () => {
    const before = gate.count('access.granted');
    const denials = gate.count('access.denied');
    await people.remove('ada');
    await people.vouch();
    await until('the person is gone', () => gate.store.identity('ada') === undefined);
    await visits('the person is refused', () => gate.count('access.denied') > denials);
    assert.equal(gate.count('access.granted'), before);
    assert.deepEqual(gate.gate.faults.codes(), []);
  });

  it('hands its events to the auditor, in order and whole', async () => {
    const numbers: number[] = [];
    const { archive, pictures } = site.office;
    const onEvent: FollowerListener['onEvent'] = ({ number }, fit) => {
      if (fit !== 'gap' && fit !== 'duplicate') numbers.push(number);
    };
    await desk.followEvents(archive, { onEvent }, { pictures });
    const { last } = gate.store.outboxRange();
    await until(
      'every event is in safe keeping',
      () => gate.store.outboxRange().acknowledged >= last,
    );
    assert.deepEqual(
      numbers.slice(0, last),
      Array.from({ length: last }, (_, index) => index + 1),
    );
  });

  it('shows an auditor, and nobody else, the face of whom it refused', async () => {
    const before = gate.count('access.denied');
    await visits('somebody is refused', () => gate.count('access.denied') > before);
    const { pictures, seat } = site.office;
    await until(
      'its picture is announced',
      () => pictures.of(GATE_ID, lastRefused()) !== undefined,
    );
    const number = lastRefused();
    await until('the gate has forgotten every picture', () => gate.store.pictures.count === 0);
    const now = systemClock.wall();
    const shown = (by = seat) => pictures.show(pictures.of(GATE_ID, number), by, now);
    const picture = await shown();
    assert.ok(picture.outcome === 'opened', picture.outcome);
    const { width = 0, height = 0, exif, format } = await sharp(picture.jpeg).metadata();
    assert.equal(format, 'jpeg');
    assert.ok(width >= 60 && height >= 60 && Math.max(width, height) <= 320 && exif === undefined);
    assert.ok(picture.jpeg.length <= 30_000);
    for (const roles of [['enrol', 'operate'], ['audit']] as const) {
      const later = await site.invite(roles);
      assert.deepEqual(await shown(later.seat), { outcome: 'no-key' });
      later.close();
    }
    const out = join(site.folder, 'face.jpg');
    assert.equal(save(number, out), 0);
    assert.ok(readFileSync(out).equals(picture.jpeg));
    assert.equal(statSync(out).mode & 0o777, 0o600);
    assert.equal(save(number, out), 2, 'a file that is there is left alone');
    assert.equal(save(number + 1_000_000, join(site.folder, 'nobody.jpg')), 2);
  });

  it('leaves nothing of a face in the broker’s storage, in its own, or in its log', async () => {
    await site.broker.stop();
    const files = [
      site.broker.databasePath,
      gate.store.path,
      `${gate.store.path}-wal`,
      ...filesOf(join(site.office.path, 'pictures')),
    ];
    for (const path of files.filter((file) => existsSync(file))) {
      const bytes = readFileSync(path);
      for (const begin of JPEG_BEGINS) assert.equal(bytes.includes(begin), false, path);
    }
    assert.ok(!JSON.stringify(gate.logger.records).includes('/9j/'));
    await site.broker.run();
  });

  it('has nothing left of it anywhere once it has expired', async () => {
    const { pictures, seat } = site.office;
    const folder = join(site.office.path, 'pictures');
    assert.ok(filesOf(folder).length > 0);
    const later = wallMs(systemClock.wall() + 3_600_000);
    pictures.expire(later);
    assert.deepEqual(filesOf(folder), []);
    const shown = await pictures.show(pictures.of(GATE_ID, lastRefused()), seat, later);
    assert.deepEqual(shown, { outcome: 'expired' });
    gate.store.pictures.expire(later);
    assert.equal(gate.store.pictures.count, 0);
  });

  /** `portico events --picture`. @returns its exit code */
  const save = (number: number, out: string): number | null =>
    spawnSync(process.execPath, [
      ...[PORTICO, 'events', '--site', site.office.path],
      ...['--gate', GATE_ID, '--picture', String(number), '--out', out],
    ]).status;
  const lastRefused = (): number =>
    site.office.archive.linesWith(GATE_ID, 'access.denied').at(-1)?.number ?? 0;
});

/** As it is, and as texts would carry it. */
const JPEG_BEGINS = [Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('/9j/4'), Buffer.from('_9j_4')];

const filesOf = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];
