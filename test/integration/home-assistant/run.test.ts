import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { freePort } from '../../../src/evaluation/site/local-port.ts';
import { HouseBroker } from '../../helpers/house-broker.ts';
import { mosquittoMissing } from '../../helpers/mosquitto.ts';
import { gateCannotRun, RealGate, statusWhen } from '../../helpers/real-gate.ts';
import { ScriptedHomeAssistant } from '../../helpers/scripted-home-assistant.ts';
import { until } from '../../helpers/until.ts';

const CODE = 'correct-horse-battery';

describe('portico run, with Home Assistant', {
  skip: mosquittoMissing === false ? gateCannotRun() : mosquittoMissing,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-home-run-'));
  let broker: HouseBroker;
  let house: ScriptedHomeAssistant;
  let gate: RealGate | undefined;
  let port = 0;

  before(async () => {
    broker = await HouseBroker.start();
    house = await ScriptedHomeAssistant.connect(broker.plainPort, broker.login);
  });
  afterEach(async () => {
    await gate?.stop();
  });
  after(async () => {
    await house.close();
    await broker.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(codeMode: number): Promise<RealGate> {
    port = await freePort();
    const config = join(folder, `portico-${codeMode}.json`);
    const secret = (name: string, text: string, mode: number): string => {
      const path = join(folder, `${name}-${codeMode}`);
      writeFileSync(path, `${text}\n`, { mode });
      return path;
    };
    const homeAssistant = {
      enabled: true,
      broker: broker.endpoint.url,
      authorityFile: broker.certificateFile,
      username: broker.login.username,
      passwordFile: secret('password', broker.login.password, 0o600),
      allowsOpening: true,
      codeFile: secret('code', CODE, codeMode),
    };
    const camera = { source: 'test:' };
    const rest = { kiosk: { enabled: false }, health: { port } };
    writeFileSync(config, JSON.stringify({ schemaVersion: 1, camera, homeAssistant, ...rest }));
    gate = new RealGate(folder, config);
    return gate;
  }

  it('is found, opens for the code, and takes leave when it stops', async () => {
    const running = await start(0o600);
    await until('it is found', () => house.device !== undefined, 90_000);
    await until(
      'it is locked',
      () => house.isAvailable && house.state('lock') === 'LOCKED',
      30_000,
    );
    await house.order('lock', 'UNLOCK', 'wrong-horse-battery');
    await house.order('lock', 'UNLOCK', CODE);
    await until('both are told', () => house.events.length >= 2, 30_000);
    assert.deepEqual(house.events.slice(0, 2), [
      { event_type: 'order-refused', by: 'home-assistant', because: 'wrong-code' },
      { event_type: 'opened-remotely', by: 'home-assistant' },
    ]);
    assert.equal(running.output.includes('horse'), false, 'no code is in the log');
    await running.stop();
    await until('it has taken leave', () => !house.isAvailable);
  });

  it('runs without it, and says why, when others can read the code', async () => {
    const running = await start(0o644);
    const { faults } = await statusWhen(
      port,
      (report) => report.faults.length > 0,
      () => running.output,
    );
    assert.ok(JSON.stringify(faults).includes('PORTICO_HOME_SECRET'));
  });
});
