// Runs the compiled tests of the kinds named on the command line: node scripts/run-tests.mjs unit property
// Each file runs in a process of its own, so that a native crash fails one file and names it.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = fileURLToPath(new URL('../dist/test/', import.meta.url));
const source = fileURLToPath(new URL('../test/', import.meta.url));
const kinds = process.argv.slice(2);

const filesOf = (kind) => {
  const folder = join(source, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(dist, kind, name.replace(/\.ts$/, '.js')))
    .sort();
};

const files = kinds.flatMap(filesOf);
if (files.length === 0) {
  console.error(`run-tests: no test of kind ${kinds.join(', ') || '(none named)'}`);
  process.exit(2);
}
const { status, signal } = spawnSync(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    '--test-concurrency=2',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    ...files,
  ],
  { stdio: 'inherit' },
);
process.exit(signal === null ? (status ?? 1) : 1);
