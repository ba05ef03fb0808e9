import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const systemd = fileURLToPath(new URL('../../../../systemd/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'portico-units-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const skip = has('systemd-analyze') ? false : 'systemd-analyze is not installed';
const UNITS = readdirSync(systemd).filter((name) => /\.(service|timer|target)$/.test(name));

/** The units as installed, but for programs that this machine has in another place. */
function placeUnits(): void {
  for (const name of UNITS) {
    const text = readFileSync(join(systemd, name), 'utf8')
      .replaceAll('/opt/portico/bin/node', process.execPath)
      .replaceAll('/opt/portico/current/systemd/', systemd);
    writeFileSync(join(folder, name), text);
  }
}

describe('units of systemd', { skip }, () => {
  placeUnits();

  it('are the gate, its painter, its page, its check and what joins them', () => {
    assert.deepEqual(UNITS.sort(), [
      'portico-art.service',
      'portico-check.service',
      'portico-check.timer',
      'portico-kiosk.service',
      'portico.service',
      'portico.target',
    ]);
  });

  for (const name of UNITS) {
    it(`${name} is accepted without a remark`, () => {
      const { status, stderr } = spawnSync(
        'systemd-analyze',
        ['verify', '--man=no', '--recursive-errors=no', join(folder, name)],
        { encoding: 'utf8', env: { ...process.env, SYSTEMD_UNIT_PATH: `${folder}:` } },
      );
      // What other packages left in their own units is not ours to mend.
      const remarks = stderr.split('\n').filter((line) => line.includes('portico'));
      assert.deepEqual([status, remarks], [0, []]);
    });
  }

  it('notices a unit with a wrong word', () => {
    const broken = join(folder, 'broken.service');
    const text = readFileSync(join(folder, 'portico.service'), 'utf8');
    writeFileSync(broken, text.replace('WatchdogSec=', 'WatchdogSecs='));
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', broken], {
      encoding: 'utf8',
    });
    assert.match(stderr, /WatchdogSecs/);
  });

  for (const [name, mostExposed] of [
    ['portico.service', 25],
    ['portico-art.service', 20],
    ['portico-check.service', 20],
    ['portico-kiosk.service', 65],
  ] as const) {
    it(`${name} exposes at most ${mostExposed / 10} of 10`, () => {
      const { status, stdout, stderr } = spawnSync(
        'systemd-analyze',
        ['security', '--offline=true', `--threshold=${mostExposed}`, join(folder, name)],
        { encoding: 'utf8' },
      );
      assert.equal(status, 0, `${stdout.trim().split('\n').at(-1) ?? ''} ${stderr}`);
    });
  }
});

describe('unit of the gate', () => {
  const unit = readFileSync(join(systemd, 'portico.service'), 'utf8');

  it('releases the strike however the gate ended', () => {
    assert.match(unit, /^ExecStopPost=-.* relay release$/m);
    assert.match(unit, /^KillMode=mixed$/m);
    assert.match(unit, /^Restart=always$/m);
  });

  it('lets every process of the gate speak, and wants signs of life', () => {
    assert.match(unit, /^Type=notify$/m);
    assert.match(unit, /^NotifyAccess=all$/m);
    assert.match(unit, /^WatchdogSec=15$/m);
  });
});

describe('users and folders', () => {
  const root = mkdtempSync(join(folder, 'root-'));
  const noSysusers = has('systemd-sysusers') ? false : 'systemd-sysusers is not installed';

  it('gives gate and page users of their own', { skip: noSysusers }, () => {
    mkdirSync(join(root, 'etc'));
    const { status, stderr } = spawnSync(
      'systemd-sysusers',
      [`--root=${root}`, join(systemd, 'portico.sysusers')],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    const users = readFileSync(join(root, 'etc/passwd'), 'utf8');
    assert.match(users, /^portico:.*:\/var\/lib\/portico:/m);
    assert.match(users, /^portico-kiosk:/m);
    assert.match(readFileSync(join(root, 'etc/group'), 'utf8'), /^gpio:x:\d+:portico$/m);
  });
});

describe('kiosk-browser', () => {
  const stage = join(folder, 'programs');
  const run = (
    programs: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): ReturnType<typeof spawnSync> => {
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(stage);
    for (const name of programs) {
      writeFileSync(join(stage, name), `#!/bin/bash\necho "${name} $*"\n`);
      chmodSync(join(stage, name), 0o755);
    }
    symlinkSync('/bin/mkdir', join(stage, 'mkdir'));
    return spawnSync('/bin/bash', [join(systemd, 'kiosk-browser'), 'http://127.0.0.1:8787/'], {
      encoding: 'utf8',
      env: { PATH: stage, CACHE_DIRECTORY: join(folder, 'cache'), ...environment },
    });
  };

  it('takes the screen that it is given', () => {
    const { stdout } = run(['chromium', 'cage'], { DISPLAY: ':0' });
    assert.match(String(stdout), /^chromium --kiosk --app=http:\/\/127\.0\.0\.1:8787\/ /);
  });

  it('brings its own screen where there is none', () => {
    const { stdout } = run(['firefox', 'cage'], {});
    assert.match(String(stdout), /^cage -d -- .*firefox --kiosk /);
  });

  it('says what is missing', () => {
    assert.match(String(run(['cage'], {}).stderr), /apt install chromium/);
    const noStage = run(['chromium'], {});
    assert.deepEqual([noStage.status, /apt install cage/.test(String(noStage.stderr))], [3, true]);
  });
});
