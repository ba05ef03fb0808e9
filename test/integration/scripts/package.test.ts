import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const bench = mkdtempSync(join(tmpdir(), 'portico-deb-'));
after(() => rmSync(bench, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const hasDpkg = spawnSync('dpkg-deb', ['--version']).status === 0;
const skip = !hasDpkg
  ? 'dpkg is not installed'
  : !isRoot && 'not applicable: only root may install packages';

interface Outcome {
  readonly status: number | null;
  readonly said: string;
}
function run(program: string, ...args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}
function done(program: string, ...args: readonly string[]): string {
  const { status, said } = run(program, ...args);
  assert.equal(status, 0, said);
  return said;
}

/** The package of a release in which nothing runs: what is tested is the way in and out. */
function aPackage(version: string): string {
  const release = join(bench, `release-${version}`);
  for (const part of ['systemd', 'scripts']) {
    cpSync(join(repository, part), join(release, part), { recursive: true });
  }
  for (const folder of ['dist/src', 'runtime'])
    mkdirSync(join(release, folder), { recursive: true });
  writeFileSync(join(release, 'dist/src/main.js'), '');
  writeFileSync(
    join(release, 'package.json'),
    `{\n  "name": "portico",\n  "version": "${version}",\n  "x": 0\n}\n`,
  );
  const node = join(release, 'runtime/node');
  writeFileSync(node, `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
  const out = join(bench, `portico-${version}.deb`);
  const script = join(repository, 'scripts/package-deb.mjs');
  done(process.execPath, script, '--from', release, '--out', out, '--compression', 'none');
  return out;
}

describe('Debian package', { skip }, () => {
  const root = join(bench, 'root');
  const at = (path: string): string => join(root, path);
  const dpkg = (...args: readonly string[]): string =>
    done('dpkg', `--root=${root}`, '--force-script-chrootless', '--force-depends', ...args);
  const releases = (): readonly string[] =>
    readdirSync(at('opt/portico/releases')).map((name) => name.split('-')[0] ?? '');
  let first = '';

  before(() => {
    first = aPackage('1.0.0');
    for (const folder of ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'etc']) {
      mkdirSync(at(folder), { recursive: true });
    }
    writeFileSync(at('var/lib/dpkg/status'), '');
  });

  it('says what it needs, for which machines', () => {
    const control = done('dpkg-deb', '--field', first);
    assert.match(control, /^Architecture: (amd64|arm64)$/m);
    assert.match(control, /^Depends: libc6 \(>= [\d.]+\), .*\bgpiod, ffmpeg, gstreamer1\.0-tools/m);
    assert.match(control, /^Installed-Size: [1-9]/m);
  });

  it('holds the release under root, and nothing outside of its folder', () => {
    const lines = done('dpkg-deb', '--contents', first).trim().split('\n');
    for (const line of lines)
      assert.match(line, /root\/root .* \.\/(usr\/(lib\/(portico\/.*)?)?)?$/);
    assert.ok(lines.some((line) => line.endsWith('/portico/dist/src/main.js')));
  });

  it('lays out what the installer lays out', () => {
    dpkg('--install', first);
    assert.deepEqual(releases(), ['1.0.0']);
    assert.ok(existsSync(at('etc/systemd/system/portico.service')));
    assert.ok(existsSync(at('usr/local/bin/portico')));
    assert.equal(statSync(at('etc/portico/portico.json')).mode & 0o777, 0o640);
  });

  it('is upgraded beside the release before, and leaves the configuration', () => {
    writeFileSync(at('etc/portico/portico.json'), '{"schemaVersion":1}');
    dpkg('--install', aPackage('1.1.0'));
    assert.deepEqual(releases().toSorted(), ['1.0.0', '1.1.0']);
    assert.equal(readFileSync(at('etc/portico/portico.json'), 'utf8'), '{"schemaVersion":1}');
  });

  it('is removed without people and configuration, and takes them when it is purged', () => {
    dpkg('--remove', 'portico');
    assert.ok(!existsSync(at('opt/portico')) && !existsSync(at('usr/lib/portico')));
    assert.deepEqual(readdirSync(at('etc/systemd/system')), []);
    assert.ok(existsSync(at('etc/portico/portico.json')) && existsSync(at('var/lib/portico')));
    dpkg('--purge', 'portico');
    assert.ok(!existsSync(at('etc/portico')) && !existsSync(at('var/lib/portico')));
  });
});
