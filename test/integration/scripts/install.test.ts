import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const bench = mkdtempSync(join(tmpdir(), 'portico-install-'));
after(() => rmSync(bench, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** Plays the service manager: the gate is active if the release that `current` names is sound. */
const SYSTEMCTL = `#!/bin/bash
echo "$*" >>"$BENCH/calls"
case $1 in
  is-active) [[ -e $BENCH/root/opt/portico/current/sound ]] ;;
  show) echo 0 ;;
esac
`;

/** A built release that can do nothing but be healthy, or not. */
function aSource(version: string, isSound: boolean): string {
  const folder = join(bench, `source-${version}`);
  mkdirSync(join(folder, 'dist/src'), { recursive: true });
  for (const part of ['systemd', 'scripts']) {
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  }
  writeFileSync(
    join(folder, 'package.json'),
    `{\n  "name": "portico",\n  "version": "${version}",\n  "x": 0\n}\n`,
  );
  writeFileSync(join(folder, 'dist/src/main.js'), 'process.exitCode = 0;\n');
  const unit = join(folder, 'systemd/portico.service');
  writeFileSync(unit, `${readFileSync(unit, 'utf8')}# of release ${version}\n`);
  if (isSound) writeFileSync(join(folder, 'sound'), '');
  return folder;
}

const root = join(bench, 'root');
const at = (path: string): string => join(root, path);

interface Outcome {
  readonly status: number | null;
  readonly said: string;
}

function run(script: string, args: readonly string[], environment = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(script, [`--root`, root, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], BENCH: bench, ...environment },
  });
  return { status, said: stdout + stderr };
}

const MANAGED = {
  PORTICO_SYSTEMCTL: join(bench, 'systemctl'),
  PORTICO_HEALTHY_WITHIN_S: '3',
  PORTICO_STAYS_HEALTHY_S: '1',
};
const install = (source: string, args: readonly string[] = [], environment = {}): Outcome =>
  run(join(source, 'scripts/install'), ['--prebuilt', ...args], environment);

const current = (): string => readlinkSync(at('opt/portico/current')).replace(/^releases\//, '');
const releases = (): readonly string[] => readdirSync(at('opt/portico/releases')).sort();
const calls = (): readonly string[] =>
  readFileSync(join(bench, 'calls'), 'utf8').trim().split('\n');

describe('install', () => {
  beforeEach(() => {
    rmSync(bench, { recursive: true, force: true });
    mkdirSync(at('etc'), { recursive: true });
    writeFileSync(join(bench, 'systemctl'), SYSTEMCTL, { mode: 0o755 });
  });

  it('says every step and does none in a rehearsal', () => {
    const { status, said } = install(aSource('1.0.0', true), ['--dry-run']);
    assert.equal(status, 0, said);
    assert.deepEqual(readdirSync(root), ['etc']);
    assert.deepEqual(readdirSync(at('etc')), []);
    for (const step of [
      /release 1\.0\.0-[0-9a-f]{8} goes to .*\/opt\/portico\/releases\//,
      /write .*\/etc\/systemd\/system\/portico\.service \(0644\)/,
      /write .*\/etc\/portico\/portico\.json \(0640\)/,
      /mv -fT .*\/opt\/portico\/current/,
    ]) {
      assert.match(said, step);
    }
  });

  it('lays out release, units, users, configuration and command', () => {
    const { status, said } = install(aSource('1.0.0', true));
    assert.equal(status, 0, said);
    assert.match(current(), /^1\.0\.0-[0-9a-f]{8}$/);
    assert.ok(existsSync(at('opt/portico/current/dist/src/main.js')));
    assert.equal(spawnSync(at('opt/portico/bin/node'), ['--version']).status, 0);
    const config = at('etc/portico/portico.json');
    assert.equal(statSync(config).mode & 0o777, 0o640);
    assert.equal(JSON.parse(readFileSync(config, 'utf8')).door.relay, 'simulated:');
    assert.equal(statSync(at('usr/local/bin/portico')).mode & 0o777, 0o755);
    assert.equal(spawnSync('sh', ['-n', at('usr/local/bin/portico')]).status, 0);
    for (const name of ['portico.service', 'portico.target', 'portico-check.timer']) {
      assert.ok(existsSync(at(`etc/systemd/system/${name}`)), name);
    }
    if (process.getuid?.() !== 0) return;
    assert.match(readFileSync(at('etc/passwd'), 'utf8'), /^portico:/m);
    assert.equal(statSync(at('var/lib/portico')).mode & 0o777, 0o700);
  });

  it('changes nothing the second time, and never a configuration', () => {
    const source = aSource('1.0.0', true);
    install(source);
    const before = releases();
    writeFileSync(at('etc/portico/portico.json'), '{"schemaVersion":1}');
    const { status, said } = install(source);
    assert.equal(status, 0, said);
    assert.match(said, /is there already/);
    assert.deepEqual(releases(), before);
    assert.equal(readFileSync(at('etc/portico/portico.json'), 'utf8'), '{"schemaVersion":1}');
  });

  it('upgrades beside the old release, and keeps three', () => {
    for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0']) {
      const { status, said } = install(aSource(version, true), [], MANAGED);
      assert.equal(status, 0, said);
      assert.ok(current().startsWith(`${version}-`));
    }
    assert.deepEqual(
      releases().map((name) => name.split('-')[0]),
      ['1.2.0', '1.3.0', '1.4.0'],
    );
    assert.ok(
      calls().includes('enable --quiet portico.target portico.service portico-check.timer'),
    );
  });

  it('goes back, with the units, when the new release does not become healthy', () => {
    install(aSource('1.0.0', true), [], MANAGED);
    rmSync(join(bench, 'calls'));
    const { status, said } = install(aSource('2.0.0', false), [], MANAGED);
    assert.equal(status, 4, said);
    assert.ok(current().startsWith('1.0.0-'));
    assert.match(said, /release 2\.0\.0-\w+ does not become healthy; back to 1\.0\.0/);
    assert.match(said, /release 1\.0\.0-\w+ is back and healthy/);
    const unit = readFileSync(at('etc/systemd/system/portico.service'), 'utf8');
    assert.match(unit, /# of release 1\.0\.0$/m);
    const restarts = calls().filter((call) => call.startsWith('restart'));
    assert.equal(restarts.length, 2);
  });

  it('has the release before make the store its own, with the gate stopped', () => {
    const first = aSource('1.0.0', true);
    const note = `require('node:fs').appendFileSync(process.env.BENCH + '/calls', process.argv.slice(2).join(' ') + '\\n');`;
    writeFileSync(join(first, 'dist/src/main.js'), note);
    install(first, [], MANAGED);
    writeFileSync(at('var/lib/portico/portico.db'), '');
    rmSync(join(bench, 'calls'));
    assert.equal(install(aSource('2.0.0', false), [], MANAGED).status, 4);
    const told = calls().filter((call) => /^(stop|restart|store)/.test(call));
    assert.deepEqual(told, [
      'restart --no-block portico.service',
      'stop portico.service',
      'store step-back',
      'restart --no-block portico.service',
    ]);
  });

  it('goes back as well when the new release has no models to see with', () => {
    install(aSource('1.0.0', true), [], MANAGED);
    const blind = aSource('2.0.0', true);
    writeFileSync(
      join(blind, 'dist/src/main.js'),
      "process.exitCode = process.argv.includes('--seeing') ? 1 : 0;\n",
    );
    const { status, said } = install(blind, [], MANAGED);
    assert.equal(status, 4, said);
    assert.ok(current().startsWith('1.0.0-'));
  });

  it('says so when there is nothing to go back to', () => {
    const { status, said } = install(aSource('1.0.0', false), [], MANAGED);
    assert.equal(status, 5, said);
    assert.match(said, /portico doctor/);
  });

  it('follows another prefix into units and command', () => {
    const { status, said } = install(aSource('1.0.0', true), ['--prefix', '/srv/door']);
    assert.equal(status, 0, said);
    assert.match(
      readFileSync(at('etc/systemd/system/portico.service'), 'utf8'),
      /^ExecStart=\/srv\/door\/bin\/node /m,
    );
    assert.match(readFileSync(at('usr/local/bin/portico'), 'utf8'), /\/srv\/door\/current\//);
  });

  it('refuses what it does not know', () => {
    const source = aSource('1.0.0', true);
    for (const args of [['--fast'], ['--prefix', 'relative'], ['--prefix', '/']]) {
      assert.equal(install(source, args).status, 2, args.join(' '));
    }
  });

  it('opens the unit to camera daemon and GPU of a Jetson, and takes that off again', () => {
    const dropIn = 'etc/systemd/system/portico.service.d/jetson.conf';
    const source = aSource('1.0.0', true);
    install(source);
    assert.ok(!existsSync(at(dropIn)));
    writeFileSync(at('etc/nv_tegra_release'), '# R36 (release), REVISION: 4.3');
    install(source);
    assert.match(readFileSync(at(dropIn), 'utf8'), /^PrivateTmp=no$/m);
    run(join(source, 'scripts/uninstall'), []);
    assert.deepEqual(readdirSync(at('etc/systemd/system')), []);
  });

  it('is taken off without people and configuration, unless they shall go too', () => {
    const source = aSource('1.0.0', true);
    install(source);
    const uninstall = (...args: readonly string[]): Outcome =>
      run(join(source, 'scripts/uninstall'), args);
    assert.equal(uninstall('--dry-run').status, 0);
    assert.ok(existsSync(at('opt/portico/current')));
    assert.equal(uninstall().status, 0);
    assert.deepEqual(readdirSync(at('etc/systemd/system')), []);
    assert.ok(!existsSync(at('opt/portico')));
    assert.ok(existsSync(at('etc/portico/portico.json')) && existsSync(at('var/lib/portico')));
    assert.equal(uninstall('--purge').status, 0);
    assert.ok(!existsSync(at('etc/portico')) && !existsSync(at('var/lib/portico')));
  });

  it('deletes no folder that holds no release', () => {
    const source = aSource('1.0.0', true);
    mkdirSync(at('srv/photos'), { recursive: true });
    const { status } = run(join(source, 'scripts/uninstall'), ['--prefix', '/srv']);
    assert.equal(status, 2);
    assert.ok(existsSync(at('srv/photos')));
  });
});

describe('scripts for the shell', () => {
  const scripts = ['scripts/install', 'scripts/uninstall', 'systemd/kiosk-browser'];

  for (const script of scripts) {
    it(`${script} is well formed`, () => {
      assert.equal(spawnSync('bash', ['-n', join(repository, script)]).status, 0);
    });

    const skip = has('shellcheck') ? false : 'shellcheck is not installed';
    it(`${script} has nothing that shellcheck remarks`, { skip }, () => {
      const { stdout, status } = spawnSync('shellcheck', [join(repository, script)], {
        encoding: 'utf8',
      });
      assert.equal(status, 0, stdout);
    });
  }
});
