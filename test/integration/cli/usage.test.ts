import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CliHome } from './portico-cli.ts';

const COMMANDS = [
  'demo',
  'run',
  'doctor',
  'support-bundle',
  'enrol',
  'people ls',
  'people show',
  'people rm',
  'verify',
  'identify',
  'models prepare',
  'models verify',
  'models ls',
  'evaluate',
  'calibrate',
  'bench',
  'site init',
  'site show',
  'site invite',
  'site join',
  'site revoke',
  'site publish',
  'gate provision',
  'people edit',
  'gates',
  'command',
  'events',
  'audit verify',
  'keys rotate',
  'keys take',
  'keys retire',
  'keys renew',
];

describe('portico, used wrongly or without its means', () => {
  const home = new CliHome();

  it('explains itself with examples and exit codes', async () => {
    const { code, out } = await home.run('--help');
    assert.equal(code, 0);
    assert.match(out, /Exit codes: 0 .* 1 .* 2 .* 3 .* 130/);
    assert.match(out, /Examples:\n {2}portico doctor/);
  });

  for (const command of COMMANDS) {
    it(`gives an example of ${command}`, async () => {
      const { code, out } = await home.run(...command.split(' '), '--help');
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Examples?:\\n  portico ${command}`));
    });
  }

  const wrong: readonly (readonly [string, ...string[]])[] = [
    ['frobnicate'],
    ['enrol'],
    ['enrol', 'ada'],
    ['people'],
    ['people', 'rm'],
    ['verify', 'one.jpg'],
    ['demo', '--once', '--port', '99999'],
    ['run', '--port', 'http'],
    ['run', '--colour', 'blue'],
  ];
  for (const args of wrong) {
    it(`exits 2 on "${args.join(' ')}" and points to the help`, async () => {
      const { code, out, err } = await home.run(...args);
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, /portico .*--help explains|Usage: portico/);
    });
  }

  it('exits 3 on a fault, with the remedy for people and the code for programs', async () => {
    const { code, out, err } = await home.run('people', 'ls', '--json');
    assert.equal(code, 3);
    const { error } = JSON.parse(out) as { error: Record<string, string> };
    assert.equal(error['code'], 'PORTICO_STORE_MISSING');
    assert.match(error['remedy'] ?? '', /portico enrol/);
    assert.match(err, /→ Enrol the first person/);
    assert.doesNotMatch(err, /\n\s+at /, 'no stack for a fault that is known');
  });

  it('names every field of the configuration that is wrong', async () => {
    const path = join(home.folder, 'wrong.json');
    writeFileSync(path, JSON.stringify({ schemaVersion: 1, dor: {}, camera: { widthPx: 3 } }));
    const { code, err } = await home.run('doctor', '--config', path);
    assert.equal(code, 3);
    assert.match(err, /dor/);
    assert.match(err, /camera\.widthPx/);
  });

  it('names the configuration that is not there', async () => {
    const { code, err } = await home.run('people', 'ls', '--config', '/nonexistent/portico.json');
    assert.equal(code, 3);
    assert.match(err, /\/nonexistent\/portico\.json/);
  });

  it('does not start a gate whose relay cannot be had', async () => {
    home.configure({ door: { relay: 'gpio:no-such-chip/17' }, kiosk: { port: 0 } });
    const { code, out } = await home.run('run', '--camera', 'test:', '--json');
    assert.equal(code, 3);
    const { error } = JSON.parse(out) as { error: Record<string, string> };
    assert.equal(error['code'], 'PORTICO_RELAY_UNAVAILABLE');
  });
});
