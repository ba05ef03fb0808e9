import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../../src/config/load.ts';
import { freePort } from '../../../src/evaluation/site/local-port.ts';
import type { StatusReport } from '../../../src/health/status-report.ts';
import { NotifySocket } from '../../contract/notify-socket.ts';
import { ModbusBoard } from '../../contract/relay-rigs/modbus-board.ts';
import { whyNoPseudoSerial } from '../../contract/relay-rigs/pseudo-serial.ts';
import { gateCannotRun, PORTICO, RealGate, statusWhen } from '../../helpers/real-gate.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-service-'));
const config = join(folder, 'portico.json');
const address = join(folder, 'notify.sock');
after(() => rmSync(folder, { recursive: true, force: true }));

function configure(changes: Readonly<Record<string, unknown>>): void {
  writeFileSync(
    config,
    JSON.stringify({ schemaVersion: 1, kiosk: { enabled: false }, ...changes }),
  );
}
const portico = (...args: readonly string[]): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, [PORTICO, '--config', config, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, STATE_DIRECTORY: folder },
  });

const noSerial = whyNoPseudoSerial() ?? false;

describe('portico run as a service', { skip: gateCannotRun() }, () => {
  let socket: NotifySocket;
  let gate: RealGate | undefined;
  let port = 0;

  beforeEach(async () => {
    rmSync(address, { force: true });
    socket = await NotifySocket.listen(address);
    port = await freePort();
  });
  afterEach(async () => {
    await gate?.stop();
    gate = undefined;
    await socket.close();
  });

  function start(): RealGate {
    gate = new RealGate(folder, config, { NOTIFY_SOCKET: address, WATCHDOG_USEC: '900000' });
    return gate;
  }
  const pings = (): number => socket.said.filter((line) => line === 'WATCHDOG=1').length;
  const ready = (): string | undefined => socket.said.find((line) => line.startsWith('READY=1'));

  it('says that it starts, is ready, lives and stops', async () => {
    configure({ camera: { source: 'test:' }, health: { port } });
    const running = start();
    await socket.until(() => pings() >= 3, 60_000);
    assert.equal(socket.said[0], 'EXTEND_TIMEOUT_USEC=30000000');
    assert.match(ready() ?? '', /^READY=1 \| STATUS=working; stalest stage: /);
    assert.match(String(portico('status', '--once').stdout), /^working {2}version /);
    assert.equal(await running.stop(), 0);
    await socket.until(() => socket.said.at(-1)?.startsWith('STOPPING=1') === true);
  });

  it('is ready without a camera, says so, and goes on giving signs of life', async () => {
    configure({ camera: { source: 'v4l2:/dev/video93' }, health: { port } });
    start();
    await socket.until(() => pings() >= 1, 60_000);
    assert.match(ready() ?? '', /STATUS=degraded: .*PORTICO_CAMERA_UNAVAILABLE/);
    const before = pings();
    await socket.until(() => pings() >= before + 15, 60_000);
    const report = await statusWhen(
      port,
      () => true,
      () => gate?.output ?? '',
    );
    assert.equal(report.condition, 'degraded');
    assert.equal(report.door?.state, 'locked');
  });

  it('is ready without models, says so, opens for nobody, and sees once they are there', async () => {
    const cache = join(folder, 'cache');
    mkdirSync(join(folder, 'nothing'));
    symlinkSync(join(folder, 'nothing'), cache);
    configure({ camera: { source: 'test:' }, health: { port } });
    gate = new RealGate(folder, config, {
      NOTIFY_SOCKET: address,
      WATCHDOG_USEC: '900000',
      CACHE_DIRECTORY: cache,
      // Nobody answers there: a site without a network.
      npm_config_registry: 'http://127.0.0.1:9/',
      npm_config_fetch_retries: '0',
    });
    await socket.until(() => pings() >= 3, 60_000);
    assert.match(ready() ?? '', /STATUS=degraded: no vision, PORTICO_MODEL_MISSING/);
    const output = (): string => gate?.output ?? '';
    const without = await statusWhen(port, () => true, output);
    assert.deepEqual([without.provider, without.door?.state], ['none', 'locked']);
    symlinkSync(join(cacheDirectory(process.env), '..'), `${cache}.new`);
    renameSync(`${cache}.new`, cache);
    const whole = ({ condition }: StatusReport): boolean => condition === 'working';
    assert.equal((await statusWhen(port, whole, output)).provider, 'cpu');
    assert.equal(await gate.stop(), 0);
  });

  it('gives no sign of life while it hangs', async () => {
    configure({ camera: { source: 'test:' }, health: { port } });
    const running = start();
    await socket.until(() => pings() >= 1, 60_000);
    running.child.kill('SIGSTOP');
    // Two of its own periods later, whatever was under way has arrived.
    await new Promise((resolve) => setTimeout(resolve, 600));
    const before = pings();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    assert.equal(pings(), before);
    running.child.kill('SIGCONT');
    await socket.until(() => pings() > before);
  });

  it('takes over hours on SIGHUP, and keeps the old configuration for a wrong one', async () => {
    const settings = { camera: { source: 'test:' }, health: { port } };
    configure(settings);
    const running = start();
    await socket.until(() => ready() !== undefined, 60_000);
    const office = { week: { mon: [{ from: '07:00', to: '19:00' }] } };
    configure({ ...settings, policy: { schedules: { office } }, door: { pulseMs: 500 } });
    running.child.kill('SIGHUP');
    await socket.until(() => /took over policy\.schedules\.office/.test(running.output));
    assert.match(running.output, /restart needed for door\.pulseMs/);
    configure({ ...settings, policy: { defaultSchedule: 'nights' } });
    running.child.kill('SIGHUP');
    await socket.until(() => /the old configuration stays: /.test(running.output));
    assert.equal(await running.stop(), 0);
  });

  it('runs on, and says why, when its port for metrics is taken', async () => {
    configure({ camera: { source: 'test:' }, health: { port } });
    start();
    await socket.until(() => ready() !== undefined, 60_000);
    const other = mkdtempSync(join(folder, 'other-'));
    const second = new RealGate(other, config);
    await socket.until(() => second.output.includes('PORTICO_HEALTH_UNAVAILABLE'), 60_000);
    assert.equal(await second.stop(), 0);
  });
});

describe('portico relay release', () => {
  it('says what it has released', () => {
    configure({});
    const { status, stdout } = portico('relay', 'release');
    assert.deepEqual([status, stdout], [0, 'simulated relay: released\n']);
  });

  it('takes a relay that was left energised, and releases it', { skip: noSerial }, async () => {
    const board = new ModbusBoard();
    const path = await board.plugIn();
    try {
      board.switchOn(0);
      configure({ door: { relay: `modbus:${path}?unit=1&channel=0` } });
      const began = performance.now();
      const { stdout } = await promisify(execFile)(process.execPath, [
        PORTICO,
        '--config',
        config,
        'relay',
        'release',
      ]);
      assert.match(stdout, /: released$/m);
      assert.equal(board.isOn(0), false);
      assert.ok(performance.now() - began < 8_000, 'the unit would have killed it by then');
    } finally {
      await board.unplug();
    }
  });

  it('fails when the relay cannot be had', () => {
    configure({ door: { relay: 'modbus:/dev/portico-none?unit=1&channel=0' } });
    const { status, stderr } = portico('relay', 'release');
    assert.equal(status, 3);
    assert.match(String(stderr), /PORTICO_RELAY_UNAVAILABLE/);
  });
});

describe('portico config and store', () => {
  it('checks, explains and describes the configuration', () => {
    configure({ door: { pulseMs: 1 } });
    const { status, stderr } = portico('config', 'check');
    assert.equal(status, 3);
    assert.match(String(stderr), /door\.pulseMs/);
    configure({});
    assert.equal(portico('config', 'check').status, 0);
    assert.match(
      String(portico('config', 'explain', 'health').stdout),
      /health\.port +integer, 0\.\.65535 +9464/,
    );
    assert.equal(JSON.parse(String(portico('config', 'schema').stdout)).type, 'object');
  });

  it('copies a store that opens again, and keeps the newest copies', () => {
    const home = mkdtempSync(join(folder, 'store-'));
    const run = (state: string, ...args: readonly string[]): ReturnType<typeof spawnSync> =>
      spawnSync(process.execPath, [PORTICO, '--config', config, '--json', ...args], {
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, STATE_DIRECTORY: state },
      });
    configure({});
    assert.equal(run(home, 'store', 'check').status, 3, 'a store that is not there is not well');
    configure({ store: { path: join(home, 'portico.db') }, camera: { source: 'nothing:' } });
    // The gate makes store and key before it fails on its camera.
    run(home, 'run');
    const copies = join(home, 'copies');
    const first = run(home, 'store', 'backup', copies, '--keep', '1');
    assert.equal(first.status, 0, String(first.stderr));
    const { path } = JSON.parse(String(first.stdout)) as { path: string };
    configure({ store: { path } });
    assert.equal(run(home, 'store', 'check').status, 0);
    assert.equal(run(home, 'store', 'backup', copies, '--keep', 'none').status, 2);
  });
});
