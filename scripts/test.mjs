// npm test: installs what is missing and runs everything. Tests that need a program which cannot be installed
// here are skipped with the reason; in CI (CI=true) a skip that could have run is a failure.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bootstrap } from './bootstrap.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
// What the tests drive besides Node: a browser, camera programs, the GPIO tools.
const PACKAGES = [
  'chromium',
  'fonts-noto-cjk',
  'ffmpeg',
  'gstreamer1.0-tools',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gpiod',
  'mosquitto',
  'openssl',
  'perl',
  'python3',
  'shellcheck',
  'strace',
  'systemd',
];

const succeeds = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const isInstalled = (name) => {
  const { stdout } = spawnSync('dpkg', ['-s', name], { encoding: 'utf8' });
  return stdout?.includes('install ok installed') ?? false;
};

function installPackages() {
  if (!succeeds('dpkg', '--version')) {
    console.error(
      `portico: not a Debian system; install what corresponds to: ${PACKAGES.join(' ')}`,
    );
    return;
  }
  const missing = PACKAGES.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    console.error(`portico: not installed here: ${missing.join(', ')}; their tests are skipped`);
    console.error(`  → sudo apt-get install ${missing.join(' ')}`);
    return;
  }
  console.error(`portico: installing ${missing.join(' ')} …`);
  const apt = (...args) =>
    spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...args], {
      stdio: ['ignore', 'ignore', 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  apt('update', '-qq');
  const { status } = apt('install', '-y', '-qq', '--no-install-recommends', ...missing);
  if (status !== 0) console.error('portico: apt-get failed; tests that need these are skipped');
}

function run(name, command, args) {
  console.log(`\n━━ ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

installPackages();
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
