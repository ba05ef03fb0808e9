import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { StateDocument } from '../../../src/messaging/documents/state-document.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { PORTICO } from '../../helpers/real-gate.ts';
import { SiteBench } from '../../helpers/site-bench.ts';
import { until } from '../../helpers/until.ts';
import { CliHome } from './portico-cli.ts';

describe('portico gate join', { skip: mosquittoMissing }, () => {
  const home = new CliHome();
  const kept = join(home.folder, 'portico', 'passport.json');
  let site: SiteBench;
  before(async () => {
    site = await SiteBench.open();
  });
  after(() => site.close());

  it('refuses what is no passport, and keeps nothing of it', async () => {
    const forged = JSON.parse(readFileSync(await site.provision('front'), 'utf8'));
    const other = JSON.parse(readFileSync(await site.provision('back'), 'utf8'));
    const files = { nonsense: '{}', mixed: JSON.stringify({ ...forged, root: other.signingKey }) };
    for (const [name, text] of Object.entries(files)) {
      const path = join(site.folder, name);
      writeFileSync(path, text);
      const { code, err } = await home.run('gate', 'join', path);
      assert.equal(code, 3, err);
      assert.match(err, /PORTICO_SITE_FILE/);
      assert.throws(() => statSync(kept));
    }
  });

  it('keeps the keys for the gate alone, and tries the broker', async () => {
    const { code, out, err } = await home.run(
      '--json',
      'gate',
      'join',
      await site.provision('front'),
    );
    assert.equal(code, 0, err);
    const { gateId, outcome } = JSON.parse(out);
    assert.deepEqual({ gateId, outcome }, { gateId: 'front', outcome: 'welcome' });
    assert.equal(statSync(kept).mode & 0o777, 0o600);
  });

  it('takes the keys from standard input, where its own user may not read the file', async () => {
    const input = readFileSync(await site.provision('front'));
    const env = { ...process.env, XDG_DATA_HOME: home.folder };
    const { status, stdout } = spawnSync(process.execPath, [PORTICO, 'gate', 'join', '-'], {
      input,
      env,
      encoding: 'utf8',
    });
    assert.equal(status, 0);
    assert.match(stdout, /front of the site harbour/);
    assert.deepEqual(JSON.parse(readFileSync(kept, 'utf8')), JSON.parse(input.toString('utf8')));
  });

  it('makes a gate that tells its site how it is', async () => {
    home.configure({ art: { enabled: false }, kiosk: { port: 0 }, health: { port: 0 } });
    const states: StateDocument[] = [];
    await site.desk({ onState: (state) => states.push(state) });
    const gate = home.start('run', '--camera', 'test:');
    await until('the gate tells of a working camera', () =>
      states.some(({ gate: told }) => told.camera === 'delivering' && told.provider === 'cpu'),
    );
    assert.equal(states.at(-1)?.gateId, 'front');
    assert.equal(states.at(-1)?.gate.door, 'locked');
    gate.kill('SIGTERM');
    assert.equal((await gate.ended).code, 0);
  });

  it('is looked at by the doctor, who names nobody', async () => {
    const { out } = await home.run('--json', 'doctor');
    const checks: readonly {
      readonly part: string;
      readonly outcome: string;
      readonly detail: string;
    }[] = JSON.parse(out);
    const found = checks.find(({ part }) => part === 'site');
    assert.equal(found?.outcome, 'ok');
    assert.doesNotMatch(found.detail, /harbour|front|localhost/);
  });

  it('does not take a gate from one site to another with its store', async () => {
    const other = await SiteBench.open('airport');
    try {
      const { code, err } = await home.run('gate', 'join', await other.provision('front'));
      assert.equal(code, 3);
      assert.match(err, /belongs to the site harbour/);
    } finally {
      await other.close();
    }
  });

  it('does not start a gate of a site whose passport is gone or open to others', async () => {
    const { mode } = statSync(kept);
    assert.equal(mode & 0o777, 0o600);
    const text = readFileSync(kept, 'utf8');
    const empty = join(home.folder, 'nowhere.json');
    home.configure({ site: { passport: empty } });
    const gone = await home.run('run', '--camera', 'test:', '--port', '0');
    assert.equal(gone.code, 3);
    assert.match(gone.err, /its passport is gone/);
    writeFileSync(empty, text, { mode: 0o644 });
    const open = await home.run('run', '--camera', 'test:', '--port', '0');
    assert.equal(open.code, 3);
    assert.match(open.err, /open to others/);
  });

  it('joins while the broker is away, and says so', async () => {
    await site.broker.stop();
    home.configure({});
    const { code, out } = await home.run('--json', 'gate', 'join', await site.provision('front'));
    assert.equal(code, 1);
    assert.equal(JSON.parse(out).outcome, 'no-answer');
    await site.broker.run();
  });
});
