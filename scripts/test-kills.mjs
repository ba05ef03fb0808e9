// npm run test:kills -- --cycles 15000: the tests of test/fault that kill the store's processes and cut its power, many times over.
// Of the cycles nine in ten are power cuts of a recorded disk, the others kill -9 of a process that writes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { cycles: { type: 'string', default: '15000' }, seed: { type: 'string', default: '1' } },
});
const cycles = Number(values.cycles);
if (!Number.isInteger(cycles) || cycles < 100) {
  console.error('test:kills: --cycles takes a whole number from 100');
  process.exit(2);
}
const kills = Math.ceil(cycles / 10);
const rounds = {
  'store-power-cut': { POWER_CUTS: String(cycles - kills), POWER_CUT_SEED: values.seed },
  'store-kill': { STORE_KILL_ROUNDS: String(kills) },
};
for (const [name, environment] of Object.entries(rounds)) {
  const file = fileURLToPath(new URL(`../dist/test/fault/${name}.test.js`, import.meta.url));
  console.log(`\n── ${name} ${JSON.stringify(environment)}`);
  const { status } = spawnSync(process.execPath, ['--test-reporter=spec', file], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) process.exit(1);
}
