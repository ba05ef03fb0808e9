// npm run bench:peers: installs the other libraries beside the project (never into it), then compares.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const PEERS = {
  '@tensorflow/tfjs': '4.22.0',
  '@tensorflow/tfjs-backend-wasm': '4.22.0',
  '@vladmandic/human': '3.3.6',
};
const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const folder = join(cache, 'portico', 'peers');

if (!existsSync(join(folder, 'node_modules', '@vladmandic', 'human'))) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: PEERS }),
  );
  console.error('portico: installing the libraries to compare with …');
  const { status } = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: folder, stdio: ['ignore', 2, 2] },
  );
  if (status !== 0) {
    console.error('portico: they could not be installed\n  → Check the network and try again.');
    process.exit(1);
  }
}
const { status } = spawnSync(
  process.execPath,
  ['dist/test/peers/bench-peers.js', '--peers', folder, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
