// npm test: installs what is missing and runs everything. Tests that need a program which cannot be installed
// here are skipped with the reason; in CI (CI=true) a skip that could have run is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
// program → the Debian package that brings it
const PROGRAMS = {
  chromium: 'chromium',
  ffmpeg: 'ffmpeg',
  'gst-launch-1.0': 'gstreamer1.0-tools',
  gpioset: 'gpiod',
  mosquitto: 'mosquitto',
  socat: 'socat',
};
const PLUGINS = ['gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good'];

const onPath = (program) =>
  ['/usr/sbin', '/sbin', ...(process.env.PATH ?? '').split(delimiter)].some((folder) =>
    existsSync(join(folder, program)),
  );

function installPrograms() {
  const missing = Object.keys(PROGRAMS).filter((program) => !onPath(program));
  if (missing.length === 0) return;
  const packages = [...missing.map((program) => PROGRAMS[program]), ...PLUGINS];
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.error(`portico: not installed here: ${missing.join(', ')}; their tests are skipped`);
    console.error(`  → sudo apt-get install ${packages.join(' ')}`);
    return;
  }
  console.error(`portico: installing ${packages.join(' ')} …`);
  const apt = (...args) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...args], {
      stdio: ['ignore', 'ignore', 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update', '-qq');
  const { status } = apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  if (status !== 0)
    console.error('portico: apt-get failed; tests that need these programs are skipped');
}

function run(name, command, args) {
  console.log(`\n━━ ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

installPrograms();
bootstrap();
run('format, lint, types, architecture, fast tests', process.execPath, ['scripts/check.mjs']);
run('models', process.execPath, ['dist/src/main.js', 'models', 'prepare']);
run('all other tests', process.execPath, [
  'scripts/run-tests.mjs',
  'architecture',
  'contract',
  'integration',
  'fault',
  ...(process.env.CI === 'true' ? ['--strict'] : []),
]);
