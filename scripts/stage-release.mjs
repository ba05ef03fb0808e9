// Lays out a release that needs no building where it is installed: node scripts/stage-release.mjs [folder]
// What the product runs with and nothing else: its compiled files, its packages for this machine (from package-lock.json,
// without the development's), and the Node that those were compiled for. `scripts/install --prebuilt` in that folder installs it.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const FILES = [
  'package.json',
  'package-lock.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'docs',
  'models',
  'systemd',
  'scripts/install',
  'scripts/uninstall',
  'dist/src',
  'dist/device',
  'dist/models',
];

/** ONNX Runtime brings its libraries for every platform: a machine needs one of them. */
const isForeign = (path) => {
  const platform = /onnxruntime-node\/bin\/napi-v\d+\/([^/]+)(?:\/([^/]+))?/.exec(path);
  if (platform === null) return false;
  const [, system, cpu] = platform;
  return system !== process.platform || (cpu !== undefined && cpu !== process.arch);
};

function stagePackages(target) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, { dev, devOptional, optional }] of Object.entries(packages)) {
    if (path === '' || dev === true || devOptional === true) continue;
    const source = join(root, path);
    if (!existsSync(source)) {
      if (optional === true) continue;
      throw new Error(`${path} is not installed: npm ci first`);
    }
    const own = realpathSync(source);
    cpSync(own, join(target, path), {
      recursive: true,
      // Packages within a package have entries of their own.
      filter: (file) => !file.slice(own.length).includes('/node_modules') && !isForeign(file),
    });
  }
}

/** @returns the folder */
export function stageRelease(folder) {
  const target = resolve(folder);
  rmSync(target, { recursive: true, force: true });
  for (const path of FILES) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    cpSync(join(root, path), join(target, path), { recursive: true });
  }
  stagePackages(target);
  mkdirSync(join(target, 'runtime'));
  cpSync(realpathSync(process.execPath), join(target, 'runtime/node'));
  const node = join(target, 'runtime/node');
  const { status } = spawnSync(node, [join(target, 'dist/src/main.js'), '--version'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error('the release does not run: npm run build first');
  return target;
}

if (process.argv[1] !== undefined && basename(process.argv[1]) === 'stage-release.mjs') {
  console.log(stageRelease(process.argv[2] ?? join(root, 'build/release')));
}
