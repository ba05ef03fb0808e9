// Builds one Debian package for machines like this one: npm run package:deb -- [--from <release>] [--out <file>] [--compression gzip]
// In it is a release as stage-release.mjs lays it out, under /usr/lib/portico. Its scripts are scripts/install and
// scripts/uninstall: a package gives the gate the same steps, health check and way back as they do.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stageRelease } from './stage-release.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const HOME = 'usr/lib/portico';
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    out: { type: 'string' },
    compression: { type: 'string', default: 'gzip' },
  },
});

function run(program, args) {
  const { status, stdout, error } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} failed`);
  return stdout.trim();
}

/** In KiB, as dpkg counts. */
function sizeOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const bytes = files
    .filter((file) => file.isFile())
    .reduce(
      (sum, { parentPath, path, name }) => sum + statSync(join(parentPath ?? path, name)).size,
      0,
    );
  return Math.ceil(bytes / 1024);
}

/** What the release was compiled against is the least that the machine must have. */
function dependencies(release) {
  const { glibcVersionRuntime: glibc } = process.report.getReport().header;
  const programs = run(join(release, 'scripts/install'), ['--prebuilt', '--list-packages']).split(
    '\n',
  );
  return [`libc6 (>= ${glibc})`, 'libstdc++6', 'bash', 'systemd', ...programs].join(', ');
}

function control(release, version, architecture) {
  return `Package: portico
Version: ${version}
Architecture: ${architecture}
Maintainer: Portico <portico@invalid>
Installed-Size: ${sizeOf(release)}
Depends: ${dependencies(release)}
Suggests: cage, chromium, fonts-noto-cjk
Section: misc
Priority: optional
Description: door that knows its people
 Camera, face verification and relay on a small Linux board. The gate is installed beside the releases before it,
 watched, and taken back when it does not become healthy.
`;
}

const INSTALL = `#!/bin/bash
set -euo pipefail
[[ \${1:-} = configure ]] || exit 0
exec "\${DPKG_ROOT:-}/${HOME}/scripts/install" --prebuilt --no-packages \${DPKG_ROOT:+--root "$DPKG_ROOT"}
`;
const REMOVE = `#!/bin/bash
set -euo pipefail
[[ \${1:-} = remove ]] || exit 0
exec "\${DPKG_ROOT:-}/${HOME}/scripts/uninstall" \${DPKG_ROOT:+--root "$DPKG_ROOT"}
`;
/** By then the package's files are gone, so the script is in it. */
const purge = (uninstall) => `#!/bin/bash
[[ \${1:-} = purge ]] || exit 0
set -- --purge \${DPKG_ROOT:+--root "$DPKG_ROOT"}
${uninstall}`;

function packageRelease(release) {
  const architecture = ARCHITECTURES[process.arch];
  if (architecture === undefined) throw new Error(`no package for ${process.arch}`);
  const { version } = JSON.parse(readFileSync(join(release, 'package.json'), 'utf8'));
  const tree = join(root, 'build/deb');
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(join(tree, HOME), { recursive: true });
  cpSync(release, join(tree, HOME), { recursive: true });
  mkdirSync(join(tree, 'DEBIAN'));
  const uninstall = readFileSync(join(release, 'scripts/uninstall'), 'utf8');
  const scripts = { postinst: INSTALL, prerm: REMOVE, postrm: purge(uninstall) };
  writeFileSync(join(tree, 'DEBIAN/control'), control(release, version, architecture));
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(tree, 'DEBIAN', name), text);
    chmodSync(join(tree, 'DEBIAN', name), 0o755);
  }
  const out = resolve(values.out ?? join(root, `build/portico_${version}_${architecture}.deb`));
  mkdirSync(dirname(out), { recursive: true });
  run('dpkg-deb', ['--root-owner-group', `-Z${values.compression}`, '--build', tree, out]);
  rmSync(tree, { recursive: true, force: true });
  return out;
}

console.log(
  packageRelease(
    values.from === undefined ? stageRelease(join(root, 'build/release')) : resolve(values.from),
  ),
);
