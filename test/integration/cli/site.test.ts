import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { freePort } from '../../../src/evaluation/site/local-port.ts';
import { encodeVector } from '../../../src/roster/roster-documents.ts';
import { Mosquitto, mosquittoMissing } from '../../helpers/mosquitto.ts';
import { SiteGate } from '../../helpers/site-gate.ts';
import { unitVector } from '../../helpers/store-data.ts';
import { until } from '../../helpers/until.ts';
import { CliHome, type CliOutcome, photograph } from './portico-cli.ts';

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = ({ out }: CliOutcome): Fields => JSON.parse(out) as Fields;
const errorOf = ({ out }: CliOutcome): Readonly<Record<string, string>> =>
  (JSON.parse(out) as { error: Record<string, string> }).error;

/** One story: each step builds on the one before it. */
describe('portico, at the desk of a site', { skip: mosquittoMissing }, () => {
  const home = new CliHome();
  const office = join(home.folder, 'office');
  let broker: Mosquitto | undefined;
  let gate: SiteGate;
  let resident = '';
  let enrolled = '';
  let stranger = '';
  const at = (...args: readonly string[]) => home.run(...args, '--site', office);
  const ask = async (...args: readonly string[]): Promise<Fields> => {
    const outcome = await at(...args, '--json');
    assert.equal(outcome.code, 0, outcome.err + outcome.out);
    return fieldsOf(outcome);
  };

  before(async () => {
    resident = await home.portrait('resident');
    enrolled = await home.portrait('enrolled');
    stranger = await home.portrait('stranger');
  });
  after(async () => {
    await gate?.close();
    await broker?.dispose();
  });

  it('founds a site, says what to back up and what the broker needs', async () => {
    const port = await freePort();
    const url = `mqtts://localhost:${port}`;
    const { code, out, err } = await at('site', 'init', 'harbour', '--broker', url);
    assert.equal(code, 0, err);
    assert.match(out, /Back up now[\s\S]*site\.json[\s\S]*authority\.key/);
    assert.match(out, /install -b -m 644 .*mosquitto\.conf/);
    assert.equal(statSync(join(office, 'site.json')).mode & 0o777, 0o600);
    broker = await Mosquitto.startAt(join(office, 'broker'), 'harbour', port);
  });

  it('writes over nothing, and names what is wrong with what it is given', async () => {
    const again = await at('site', 'init', 'harbour', '--broker', 'mqtts://localhost:1', '--json');
    assert.equal(errorOf(again)['code'], 'PORTICO_SITE_FILE');
    const plain = ['site', 'init', 'x', '--broker', 'mqtt://far.away:1883'];
    assert.equal((await home.run(...plain, '--site', join(home.folder, 'x'))).code, 2);
    assert.equal((await home.run('site', 'show')).code, 2);
    assert.equal((await home.run('gates', '--site', join(home.folder, 'none'))).code, 3);
  });

  it('publishes the keys and a head, and provisions a gate that comes online', async () => {
    assert.equal((await ask('site', 'publish'))['epoch'], 1);
    const file = join(home.folder, 'front.gate');
    assert.equal((await ask('gate', 'provision', 'front', '--out', file))['isPublished'], true);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await at('gate', 'provision', 'front', '--out', file)).code, 2);
    gate = await SiteGate.open(file, home.folder);
    await until(
      'the gate has told its state',
      async () => (await at('gates', '--once')).code === 0,
    );
    const { out } = await at('gates', '--json');
    const [card] = JSON.parse(out) as { gateId: string; state: { gate: { door: string } } }[];
    assert.equal(card?.gateId, 'front');
    assert.equal(card.state.gate.door, 'locked');
  });

  it('enrols from a photograph: the gate knows the person, and nobody else under another id', async () => {
    const dates = ['--valid-until', '2099-06-30', '--schedule', 'office'];
    const outcome = await ask('enrol', 'ada', enrolled, '--name', 'Ada L.', ...dates);
    assert.deepEqual(outcome, { identityId: 'ada', photos: 1, templates: 1, change: 'enrolled' });
    await until('the gate knows ada', () => gate.store.identity('ada')?.name === 'Ada L.');
    assert.equal(gate.store.identity('ada')?.scheduleId, 'office');
    await until('and a head covers her', () => gate.link.standing() === 'current');
    const twice = await at('enrol', 'eve', resident, '--json');
    assert.equal(twice.code, 3);
    assert.equal(errorOf(twice)['code'], 'PORTICO_ENROL_REFUSED');
    assert.match(errorOf(twice)['message'] ?? '', /looks like ada \(Ada L\.\)/);
    const group = await at('enrol', 'bob', photograph('sample3.jpg'), '--json');
    assert.match(errorOf(group)['message'] ?? '', /shows \d+ faces/);
  });

  it('has the gate encode a photograph, or take whoever stands before it', async () => {
    const seen: Buffer[] = [];
    const samples = (seed: number) => [
      { modelId: 'mobilefacenet-512', embedding: encodeVector(unitVector(seed, 512)) },
    ];
    gate.answer = (order) => {
      if (order.name === 'encode-photo') seen.push(Buffer.from(order.photo, 'base64url'));
      return { outcome: 'done', samples: samples(order.name === 'encode-photo' ? 7 : 8) };
    };
    const encoded = await ask('enrol', 'carol', stranger, '--encode-at', 'front');
    assert.equal(encoded['templates'], 1);
    assert.equal((await sharp(seen[0]).metadata()).format, 'jpeg');
    const captured = await ask('enrol', 'dora', '--at', 'front', '--within', '30');
    assert.equal(captured['change'], 'enrolled');
    assert.deepEqual(gate.orders.at(-1), {
      name: 'capture-enrolment',
      identityId: 'dora',
      timeoutMs: 30_000,
    });
    await until('the gate knows dora', () => gate.store.identity('dora') !== undefined);
    assert.deepEqual(gate.find('mobilefacenet-512', unitVector(8, 512)), ['dora']);
    gate.answer = () => ({ outcome: 'refused', reason: 'no-face', text: 'Nobody came.' });
    const nobody = await at('enrol', 'ed', '--at', 'front', '--json');
    assert.match(errorOf(nobody)['message'] ?? '', /front says: Nobody came\. \(no-face\)/);
  });

  it('lists, shows, changes and revokes people', async () => {
    const { out } = await at('people', 'ls', '--json');
    const ids = (JSON.parse(out) as { identityId: string }[]).map(({ identityId }) => identityId);
    assert.deepEqual(ids.sort(), ['ada', 'carol', 'dora']);
    const changed = await ask('people', 'edit', 'ada', '--schedule', 'none', '--name', 'Ada B.');
    assert.deepEqual([changed['name'], changed['scheduleId']], ['Ada B.', undefined]);
    await until('the gate has the change', () => gate.store.identity('ada')?.name === 'Ada B.');
    assert.doesNotMatch((await at('people', 'show', 'ada', '--json')).out, /embedding/);
    assert.equal((await at('people', 'rm', 'nobody')).code, 3);
    await ask('people', 'rm', 'carol', 'dora');
    await until('the gate has forgotten them', () => gate.store.identity('dora') === undefined);
    assert.equal(gate.store.identity('carol'), undefined);
  });

  it('tells a gate what to do, and by its exit code what came of it', async () => {
    gate.answer = () => ({ outcome: 'done' });
    assert.deepEqual(await ask('command', 'front', 'pulse', '--for', '500'), {
      gate: 'front',
      outcome: 'done',
    });
    assert.deepEqual(gate.orders.at(-1), { name: 'pulse', durationMs: 500 });
    assert.equal((await at('command', 'all', 'lock-down')).code, 0);
    await ask('command', 'front', 'art', '--off', '--interval', '600');
    assert.deepEqual(gate.orders.at(-1), { name: 'art', isOn: false, intervalS: 600 });
    gate.answer = () => ({ outcome: 'refused', reason: 'held', text: 'The door is held.' });
    const refused = await at('command', 'front', 'pulse');
    assert.equal(refused.code, 1);
    assert.match(refused.out, /front: refused, The door is held\. \(held\)/);
    assert.equal((await at('command', 'back', 'pulse')).code, 2);
    assert.equal((await at('command', 'front', 'explode')).code, 2);
    assert.equal((await at('command', 'front', 'release', '--for', '500')).code, 2);
  });

  it('keeps events, and finds out when a record of them was altered', async () => {
    gate.store.append({ type: 'door.forced' });
    gate.store.append({ type: 'door.closed' });
    const follower = home.start('events', '--follow', '--site', office);
    await follower.printed('door.closed');
    const archive = join(office, 'archive', 'front.jsonl');
    await until('the gate may forget them', () => gate.store.outboxRange().acknowledged >= 2);
    follower.kill('SIGINT');
    assert.equal((await follower.ended).code, 0);
    assert.match(
      (await at('events', '--last', '1', '--json')).out,
      /^\{.*"type":"door\.closed".*\}\n$/,
    );
    const whole = await ask('audit', 'verify', archive);
    assert.deepEqual([whole['isWhole'], whole['signed']], [true, whole['events']]);
    const tampered = join(home.folder, 'tampered.jsonl');
    const text = readFileSync(archive, 'utf8');
    writeFileSync(tampered, text.replace('door.forced', 'door.closed'));
    const found = await home.run('audit', 'verify', tampered);
    assert.equal(found.code, 1);
    assert.match(found.out, /line \d+: event \d+ is not what was hashed[\s\S]*BROKEN/);
  });

  it('lets another administrator in, with their role and no more, and out again', async () => {
    const [seat, bob] = [join(home.folder, 'bob.seat'), join(home.folder, 'bob')];
    const { administrator } = await ask('site', 'invite', seat, '--roles', 'enrol,operate');
    assert.equal((await home.run('site', 'join', seat, '--site', bob)).code, 0);
    const byBob = (...args: readonly string[]) => home.run(...args, '--site', bob);
    assert.equal((await byBob('enrol', 'sam', stranger)).code, 0);
    await until('the gate knows sam', () => gate.store.identity('sam') !== undefined);
    assert.equal((await byBob('site', 'invite', `${seat}2`, '--roles', 'audit')).code, 3);
    const revoked = await ask('site', 'revoke', String(administrator).slice(0, 8));
    assert.deepEqual(revoked['signedAnew'], ['sam']);
    assert.equal((await byBob('people', 'rm', 'sam')).code, 3);
    gate.answer = () => ({ outcome: 'done' });
    assert.equal((await byBob('command', 'front', 'pulse', '--wait', '1')).code, 3);
    assert.notEqual(gate.store.identity('sam'), undefined);
    assert.equal((await at('site', 'revoke', 'nobody')).code, 2);
  });

  it('rotates the content key: what the old one sealed is gone from the broker', async () => {
    const carol = join(home.folder, 'carol');
    const seat = join(home.folder, 'carol.seat');
    await ask('site', 'invite', seat, '--roles', 'enrol');
    assert.equal((await home.run('site', 'join', seat, '--site', carol)).code, 0);
    const before = readFileSync(join(office, 'site.json'), 'utf8');
    const old =
      (JSON.parse(before) as { contentKeys: { kid: string }[] }).contentKeys[0]?.kid ?? '';
    const file = join(home.folder, 'new-keys.json');
    const rotated = await ask('keys', 'rotate', '--out', file);
    assert.deepEqual([rotated['others'], rotated['isRetired']], [1, false]);
    assert.equal((await home.run('keys', 'take', file, '--site', carol)).code, 0);
    await ask('keys', 'retire');
    assert.equal(readFileSync(join(office, 'seat.json'), 'utf8').includes(old), false);
    const ids = await home.run('people', 'ls', '--site', carol, '--json');
    assert.equal((JSON.parse(ids.out) as unknown[]).length, 2, ids.err);
    await ask('people', 'edit', 'ada', '--name', 'Ada C.');
    await until('the gate reads the new seal', () => gate.store.identity('ada')?.name === 'Ada C.');
  });

  it('gives its own seat another key', async () => {
    const renewed = await ask('keys', 'renew');
    assert.ok(Number(renewed['signedAnew']) >= 2);
    await ask('people', 'edit', 'ada', '--name', 'Ada D.');
    await until('the gate believes it', () => gate.store.identity('ada')?.name === 'Ada D.');
  });

  it('fills a broker that lost everything', async () => {
    await broker?.kill();
    broker?.forgetDatabase();
    await broker?.run();
    const lost = await at('people', 'ls', '--json');
    assert.equal(errorOf(lost)['code'], 'PORTICO_ROSTER_INCOMPLETE');
    assert.match(errorOf(lost)['remedy'] ?? '', /portico site publish/);
    assert.equal((await ask('site', 'publish'))['outcome'], 'refilled');
    assert.equal((await at('people', 'ls', '--json')).code, 0);
  });

  describe('with a list', () => {
    const list = join(home.folder, 'people.csv');
    const journalOf = (): string => join(office, 'enrolments');
    /** One who can be enrolled, many who cannot, and so a while in which to be interrupted. */
    const many = Array.from({ length: 30 }, (_, index) => `twin-${index},photos/twin.png,`);

    before(async () => {
      mkdirSync(join(home.folder, 'photos'));
      copyFileSync(stranger, join(home.folder, 'photos', 'twin.png'));
      copyFileSync(resident, join(home.folder, 'photos', 'last.png'));
      writeFileSync(
        list,
        ['id,photo,name', ...many, 'zoe,photos/last.png,"Zoe, last"'].join('\r\n'),
      );
      await at('people', 'rm', 'sam', 'ada');
    });

    it('ends at a kill with what was enrolled, and at Ctrl-C with a head', async () => {
      const killed = home.start('enrol', '--from', list, '--site', office);
      await until('somebody is enrolled', () => gate.store.identity('twin-0') !== undefined);
      killed.kill('SIGKILL');
      await killed.ended;
      const stopped = home.start('enrol', '--from', list, '--site', office, '--json');
      await until('it goes on', () =>
        linesOf(journalOf()).some((line) => line.includes('twin-2"')),
      );
      stopped.kill('SIGINT');
      const outcome = await stopped.ended;
      assert.equal(outcome.code, 130, outcome.err);
      const { isInterrupted, already } = fieldsOf(outcome);
      assert.deepEqual([isInterrupted, already], [true, 1]);
      await until('a head covers it', () => gate.link.standing() === 'current');
    });

    it('goes on where it was, and sums up who was refused and why', async () => {
      const outcome = await at('enrol', '--from', list);
      assert.equal(outcome.code, 1, outcome.err);
      assert.match(outcome.out, /1 enrolled, 1 were so already, 29 refused/);
      assert.match(outcome.out, /twin-7: Sample 1 looks like twin-0/);
      await until(
        'the gate knows the last',
        () => gate.store.identity('zoe')?.name === 'Zoe, last',
      );
    });

    it('brings nobody back who was deleted since', async () => {
      await ask('people', 'rm', 'zoe');
      writeFileSync(list, 'id,photo\ntwin-0,photos/twin.png\nzoe,photos/last.png\n');
      const outcome = await ask('enrol', '--from', list);
      assert.deepEqual([outcome['already'], outcome['deleted']], [1, 1]);
    });

    it('takes a folder of names, and makes up ids', async () => {
      const folder = join(home.folder, 'named');
      mkdirSync(folder);
      copyFileSync(resident, join(folder, 'Zoë Last.png'));
      writeFileSync(join(folder, 'Broken.jpg'), 'no picture');
      const outcome = await at('enrol', '--from', folder, '--names', '--json');
      assert.equal(outcome.code, 1);
      const { refused } = fieldsOf(outcome) as { refused: { entry: string; text: string }[] };
      assert.deepEqual(
        refused.map(({ entry }) => entry),
        ['Broken'],
      );
      const { out } = await at('people', 'ls', '--json');
      const named = (JSON.parse(out) as { identityId: string; name: string }[]).find(
        ({ name }) => name === 'Zoë Last',
      );
      assert.match(named?.identityId ?? '', /^p-[0-9a-f]{12}$/);
    });
  });
});

function linesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').split('\n'),
  );
}
