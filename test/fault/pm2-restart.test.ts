import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cacheDirectory } from '../../src/config/load.ts';
import { freePort } from '../../src/evaluation/site/local-port.ts';
import { isRunning } from '../contract/relay-rigs/is-running.ts';
import { gateCannotRun, statusWhen } from '../helpers/real-gate.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'portico-pm2-'));
const skip = gateCannotRun();

const readLog = (): string => readFileSync(join(folder, 'log'), 'utf8').slice(-2_000);
const gatePid = (): number => Number(readFileSync(join(folder, 'pm2/pids/gate-0.pid'), 'utf8'));

describe('the gate under pm2-runtime', { skip }, () => {
  let supervisor: ChildProcess | undefined;
  after(async () => {
    if (supervisor !== undefined && supervisor.exitCode === null) {
      supervisor.kill('SIGTERM');
      await once(supervisor, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it('is started again, alone, after it was killed', async (test) => {
    const port = await freePort();
    const config = join(folder, 'portico.json');
    const settings = { camera: { source: 'test:' }, kiosk: { enabled: false }, health: { port } };
    writeFileSync(config, JSON.stringify({ schemaVersion: 1, ...settings }));
    writeFileSync(join(folder, 'log'), '');
    const runtime = join(repository, 'node_modules/pm2/bin/pm2-runtime');
    supervisor = spawn(
      'sh',
      [
        '-c',
        'exec "$@" >"$0" 2>&1',
        join(folder, 'log'),
        process.execPath,
        runtime,
        'systemd/ecosystem.config.cjs',
      ],
      {
        cwd: repository,
        env: {
          ...process.env,
          PM2_HOME: join(folder, 'pm2'),
          PORTICO_CONFIG: config,
          STATE_DIRECTORY: folder,
          CACHE_DIRECTORY: join(cacheDirectory(process.env), '..'),
        },
      },
    );
    await statusWhen(port, ({ condition }) => condition === 'working', readLog);
    const first = gatePid();
    const killedAtMs = performance.now();
    process.kill(first, 'SIGKILL');
    const { door } = await statusWhen(
      port,
      ({ condition, upForMs }) =>
        condition === 'working' && upForMs < performance.now() - killedAtMs,
      readLog,
    );
    const backAfterMs = Math.round(performance.now() - killedAtMs);
    test.diagnostic(`working again ${backAfterMs} ms after kill -9`);
    assert.equal(door?.state, 'locked');
    const second = gatePid();
    assert.notEqual(second, first);
    assert.equal(isRunning(first), false);
    supervisor.kill('SIGTERM');
    await once(supervisor, 'exit');
    assert.equal(isRunning(second), false, 'the gate outlived its supervisor');
  });
});
