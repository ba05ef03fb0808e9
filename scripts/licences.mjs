// Lists the licence of every package that the product runs with: npm run licences [-- --json] [-- --lock <package-lock.json>]
// Exit 1 names those that nobody has judged. What is allowed without a word lets anybody use, change and pass on
// the package if its notice is kept; everything else stands below with what it means for whoever ships a gate.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'WTFPL',
]);

/** Judged by name: [package, the licence it states, why it may be here]. */
const JUDGED = [
  [
    'pm2',
    'AGPL-3.0',
    'a supervisor beside the gate, unaltered and for boards without systemd; see docs/licences.md',
  ],
  ['@pm2/js-api', 'Apache-2', 'Apache-2.0, written short'],
  ['cli-tableau', 'none stated', 'MIT, as its LICENSE says'],
  ['tv4', 'none stated', 'public domain or MIT, at the choice of whoever uses it'],
  [
    /^@img\/sharp-libvips-/,
    'LGPL-3.0-or-later',
    'a shared library beside sharp, which anybody may replace',
  ],
  [
    /^@img\/sharp-(wasm|win)/,
    undefined,
    'for systems that a gate does not run on; not in a release',
  ],
];

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, lock: { type: 'string' } },
});
const lock = values.lock ?? fileURLToPath(new URL('../package-lock.json', import.meta.url));

/** `A OR B` is ours to choose, `A AND B` is both. */
const isAllowed = (licence) =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((part) => ALLOWED.has(part.trim())));

function judge(name, licence) {
  if (isAllowed(licence)) return { verdict: 'allowed', why: '' };
  const found = JUDGED.find(([pattern, stated]) => {
    const isIt = typeof pattern === 'string' ? pattern === name : pattern.test(name);
    return isIt && (stated === undefined || stated === licence);
  });
  return found === undefined
    ? { verdict: 'unknown', why: '' }
    : { verdict: 'judged', why: found[2] };
}

const { packages } = JSON.parse(readFileSync(lock, 'utf8'));
const rows = Object.entries(packages)
  .filter(([path, { dev, devOptional }]) => path !== '' && dev !== true && devOptional !== true)
  .map(([path, { version, license }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = typeof license === 'string' ? license : 'none stated';
    return { name, version, licence, ...judge(name, licence) };
  });

if (values.json) console.log(JSON.stringify(rows, null, 2));
else {
  for (const { name, version, licence, why } of rows) {
    console.log(`${`${name} ${version}`.padEnd(48)} ${licence.padEnd(36)} ${why}`.trimEnd());
  }
}
const unknown = rows.filter(({ verdict }) => verdict === 'unknown');
for (const { name, licence } of unknown)
  console.error(`licences: nobody has judged ${name}: ${licence}`);
console.error(`licences: ${rows.length} packages, ${unknown.length} not judged`);
process.exitCode = unknown.length === 0 ? 0 : 1;
