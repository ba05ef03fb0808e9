import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CliHome, photograph } from './portico-cli.ts';

interface Visit {
  readonly scene: string;
  readonly expected: string;
  readonly outcome: string;
  readonly reasons: readonly string[];
  readonly frameToRelayMs: number | null;
}

describe('portico demo', () => {
  const home = new CliHome();

  it('lets the resident in, refuses the stranger, and says so in its stable JSON', async () => {
    const { code, out, err } = await home.run('demo', '--once', '--json', '--port', '0');
    assert.equal(code, 0, err);
    const { visits, ok } = JSON.parse(out) as { visits: readonly Visit[]; ok: boolean };
    assert.equal(ok, true);
    assert.deepEqual(
      visits.map(({ scene, expected, outcome }) => [scene, expected, outcome]),
      [
        ['empty', 'nothing', 'nothing'],
        ['resident', 'granted', 'granted'],
        ['stranger', 'denied', 'denied'],
        ['empty', 'nothing', 'nothing'],
      ],
    );
    for (const visit of visits) {
      assert.deepEqual(Object.keys(visit), [
        'scene',
        'expected',
        'outcome',
        'reasons',
        'frameToRelayMs',
      ]);
    }
    assert.ok((visits[1]?.frameToRelayMs ?? 0) > 0);
    assert.deepEqual(visits[2]?.reasons, ['no-match']);
    assert.deepEqual(readdirSync(home.folder), [], 'it leaves nothing behind');
  });

  it('refuses a print of the badge photo as no living person, and lets the person in', async () => {
    const { code, out, err } = await home.run('demo', '--liveness', '--json', '--port', '0');
    assert.equal(code, 0, `${err}${out}`);
    const { visits } = JSON.parse(out) as { visits: readonly Visit[] };
    assert.deepEqual(
      visits.map(({ scene, outcome }) => [scene, outcome]),
      [
        ['badge-photo', 'denied'],
        ['resident', 'granted'],
      ],
    );
    const [first = ''] = visits[0]?.reasons ?? [];
    // A machine too busy to keep a track may get no further than the last of these.
    assert.ok(['attack-suspected', 'challenge-failed', 'liveness-unproven'].includes(first), first);
  });

  it('says on the terminal what it decides, why, how fast, and that liveness is waived', async () => {
    const demo = home.start('demo', '--port', '0');
    await demo.printed('✔ granted resident');
    demo.kill('SIGINT');
    const { code, out } = await demo.ended;
    assert.equal(code, 130);
    assert.match(out, /page: http:\/\/127\.0\.0\.1:\d+/);
    assert.match(out, /liveness waived: demonstration/);
    assert.match(out, /similarity 0\.\d+ ≥ 0\.\d+ {2}frame → relay \d+ ms/);
  });
});

describe('portico doctor and models', () => {
  const home = new CliHome();

  it('tries everything the gate needs and gives a fix for what failed', async () => {
    const clip = join(home.folder, 'missing.mp4');
    home.configure({ camera: { source: `file:${clip}` }, kiosk: { port: 0 } });
    const { code, out } = await home.run('doctor', '--json');
    assert.equal(code, 1);
    const checks = JSON.parse(out) as { part: string; outcome: string; fix: string }[];
    const outcomes = new Map(checks.map(({ part, outcome }) => [part, outcome]));
    assert.equal(outcomes.get('camera'), 'failed');
    assert.equal(outcomes.get('models'), 'ok');
    assert.equal(outcomes.get('inference mobilefacenet-512'), 'ok');
    assert.equal(outcomes.get('relay'), 'warning', 'a simulated relay is no relay of a door');
    for (const { part, outcome, fix } of checks) {
      if (outcome !== 'ok') assert.notEqual(fix, '', `${part} says what to do`);
    }
  });

  it('finds nothing wrong where all is well', async () => {
    const frames = join(home.folder, 'frames');
    mkdirSync(frames);
    copyFileSync(photograph('sample1.jpg'), join(frames, '1.jpg'));
    home.configure({ camera: { source: `dir:${frames}` }, kiosk: { port: 0 } });
    const { code, out } = await home.run('doctor');
    assert.equal(code, 0, out);
    assert.match(out, /✔ camera/);
    assert.match(out, /inference mobilefacenet-512 +cpu, /);
  });

  it('lists the models with source, licence and state', async () => {
    const { code, out } = await home.run('models', 'ls', '--json');
    assert.equal(code, 0);
    const models = JSON.parse(out) as Record<string, string>[];
    const ids = models.map(({ id }) => id);
    for (const id of ['blazeface-back', 'facemesh', 'mobilefacenet-512', 'demo-photos']) {
      assert.ok(ids.includes(id), id);
    }
    for (const model of models) {
      assert.match(model['source'] ?? '', /@|https|file/);
      assert.notEqual(model['licence'], '');
    }
  });

  it('finds a prepared file that was cut short', async () => {
    const cache = join(home.folder, 'cache');
    const file = join(cache, 'demo-photos', 'copy');
    mkdirSync(file, { recursive: true });
    home.configure({ models: { cacheDirectory: cache } });
    const empty = await home.run('models', 'verify', '--json');
    assert.equal(empty.code, 1);
    const source = photograph('sample1.jpg');
    const folder = join(cache, 'demo-photos', source.split('/').at(-2) ?? '');
    mkdirSync(folder);
    for (const number of [1, 2, 3, 4, 5, 6]) {
      const name = `sample${number}.jpg`;
      copyFileSync(photograph(name), join(folder, name));
    }
    truncateSync(join(folder, 'sample2.jpg'), 1_000);
    const { code, out } = await home.run('models', 'verify', '--json');
    assert.equal(code, 1);
    const states = (JSON.parse(out) as Record<string, string>[]).map((model) => [
      model['id'],
      model['state'],
    ]);
    assert.deepEqual(new Map(states as [string, string][]).get('demo-photos'), 'damaged');
    assert.deepEqual(new Map(states as [string, string][]).get('facemesh'), 'missing');
  });
});
