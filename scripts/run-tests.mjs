// Runs the compiled tests of the kinds named on the command line: node scripts/run-tests.mjs unit property
// Each file runs in a process of its own, so that a native crash fails one file and names it. Every skip is
// listed with its reason; with --strict a skip fails the run unless no installation could have cured it.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const INCURABLE = /^(needs hardware|not applicable): /;
const dist = fileURLToPath(new URL('../dist/test/', import.meta.url));
const source = fileURLToPath(new URL('../test/', import.meta.url));
const strict = process.argv.includes('--strict');
const kinds = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

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
process.env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --enable-source-maps`.trim();

const skipped = [];
let failures = 0;
const stream = run({ files, concurrency: 2, timeout: 8 * 60_000 });
stream.on('test:pass', (result) => {
  if (result.skip !== undefined) {
    const reason =
      typeof result.skip === 'string' && result.skip !== '' ? result.skip : '(no reason given)';
    skipped.push({ name: result.name, reason });
  }
});
stream.on('test:fail', () => {
  failures += 1;
});
const ended = new Promise((resolve) => stream.once('end', resolve));
stream.compose(new spec()).pipe(process.stdout);
await ended;

process.on('exit', () => {
  for (const { name, reason } of skipped) console.log(`skipped: ${name}: ${reason}`);
  const curable = skipped.filter(({ reason }) => !INCURABLE.test(reason));
  if (strict && curable.length > 0) {
    console.log(
      `${curable.length} skipped tests could have run here; with --strict that is a failure`,
    );
    process.exitCode = 1;
  }
  if (failures > 0) process.exitCode = 1;
});
