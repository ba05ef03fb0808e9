// What a fresh clone needs before any of our own code can run: packages and a build. Only Node's own modules here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const STAMP = `${root}node_modules/.portico-installed`;

/** Stops with a sentence for people; no stack. */
function stop(what, remedy) {
  console.error(`\nportico: ${what}\n  → ${remedy}`);
  process.exit(1);
}

function step(name, command, args, remedy) {
  const began = performance.now();
  console.error(`portico: ${name} …`);
  const environment = {
    ...process.env,
    ONNXRUNTIME_NODE_INSTALL: process.env.ONNXRUNTIME_NODE_INSTALL ?? 'skip',
  };
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: environment,
  });
  if (error !== undefined || status !== 0) stop(`${name}: failed`, remedy);
  console.error(`portico: ${name}: done in ${((performance.now() - began) / 1000).toFixed(0)} s`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!fits) {
    stop(
      `Node ${process.versions.node} is too old`,
      'Install Node 20.19 or newer, or 22.12 or newer.',
    );
  }
}

/** Installs the packages if the lock file changed since the last time, then builds what changed. */
export function bootstrap() {
  checkNode();
  const lock = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  const stamp = `${lock} ${process.versions.modules}`;
  if (!existsSync(STAMP) || readFileSync(STAMP, 'utf8') !== stamp) {
    step(
      'installing packages (the store is compiled: about two minutes the first time)',
      'npm',
      ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
      'Check the network and that python3, make and g++ are installed, then run the command again.',
    );
    writeFileSync(STAMP, stamp);
  }
  step('building', 'npm', ['run', '--silent', 'build'], 'The compiler said above what is wrong.');
}
