// npm run check: format, lint, types, architecture and the fast tests. Meant to stay under a minute.
import { spawnSync } from 'node:child_process';

const steps = [
  ['format and lint', 'npx', ['biome', 'ci', '--error-on-warnings', '.']],
  ['types and build', 'npm', ['run', '-s', 'build']],
  ['promise safety', 'npx', ['eslint', '.']],
  ['architecture', 'npm', ['run', '-s', 'arch']],
  ['fast tests', process.execPath, ['scripts/run-tests.mjs', 'unit', 'property']],
];
const startedMs = performance.now();
for (const [name, command, args] of steps) {
  const beganMs = performance.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`\ncheck: "${name}" failed after ${seconds} s`);
    process.exit(1);
  }
  console.log(`   ok, ${seconds} s`);
}
console.log(
  `\ncheck: all ${steps.length} steps passed in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`,
);
