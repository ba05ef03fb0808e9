// npm run test:site-faults -- --minutes 10 --kills 500: the faults of a site's messaging for long. Lines are cut by pulling
// out the cables of network namespaces where this user may make them, else by proxies.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    kills: { type: 'string', default: '500' },
    times: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const { minutes, kills, times, seed } = values;
if (![minutes, kills, times, seed].every((text) => /^[1-9]\d*$/.test(text))) {
  console.error(
    'test:site-faults: --minutes, --kills, --times and --seed take whole numbers from 1',
  );
  process.exit(2);
}
const probe = `portico-probe-${process.pid}`;
const mayMakeNamespaces = spawnSync('ip', ['netns', 'add', probe]).status === 0;
if (mayMakeNamespaces) spawnSync('ip', ['netns', 'delete', probe]);
const runs = {
  'line-cuts': {
    LINE_CUT_SECONDS: String(60 * Number(minutes)),
    LINE_CUT_NAMESPACES: mayMakeNamespaces ? '1' : '0',
    LINE_CUT_SEED: seed,
  },
  'gate-kill': { GATE_KILL_ROUNDS: kills, GATE_KILL_SEED: seed },
  'broker-loss': { BROKER_LOSSES: times, BROKER_LOSS_SEED: seed },
  'full-disk': { FULL_DISKS: times, FULL_DISK_SEED: seed },
};
for (const [name, environment] of Object.entries(runs)) {
  const file = new URL(`../dist/test/fault/messaging/${name}.test.js`, import.meta.url);
  console.log(`\n── ${name} ${JSON.stringify(environment)}`);
  const { status } = spawnSync(process.execPath, ['--test-reporter=spec', fileURLToPath(file)], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) process.exit(1);
}
