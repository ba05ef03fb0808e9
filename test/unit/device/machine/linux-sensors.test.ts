import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { LinuxSensors } from '../../../../device/machine/linux-sensors.ts';
import { FakeClock } from '../../../helpers/fake-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'portico-thermal-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function thermal(name: string, devices: Record<string, Record<string, string>>): string {
  const thermalFolder = join(folder, name);
  for (const [device, files] of Object.entries(devices)) {
    mkdirSync(join(thermalFolder, device), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(thermalFolder, device, file), text);
    }
  }
  return thermalFolder;
}

const timeService = { isSynchronised: () => Promise.resolve(undefined) };

const read = (thermalFolder: string): ReturnType<LinuxSensors['read']> =>
  new LinuxSensors({
    clock: new FakeClock(),
    storeFolder: folder,
    thermalFolder,
    timeService,
  }).read();

describe('LinuxSensors', () => {
  it('gives the hottest zone, and leaves out sensors that are not connected', async () => {
    const zones = thermal('zones', {
      thermal_zone0: { temp: '51200\n' },
      thermal_zone1: { temp: '63500\n' },
      thermal_zone2: { temp: '-256000\n' },
      thermal_zone3: {},
      thermal_zone4: { temp: 'n/a' },
    });
    assert.equal((await read(zones)).hottestC, 63.5);
  });

  it('knows a slowed processor from a turning fan', async () => {
    const fan = { type: 'pwm-fan\n', cur_state: '3\n' };
    const idle = { type: 'cpufreq-cpu0\n', cur_state: '0\n' };
    const slowed = { type: 'cpufreq-cpu4\n', cur_state: '2\n' };
    const of = async (name: string, devices: Record<string, Record<string, string>>) =>
      (await read(thermal(name, devices))).isThrottled;
    assert.equal(await of('fan', { cooling_device0: fan }), undefined);
    assert.equal(await of('idle', { cooling_device0: fan, cooling_device1: idle }), false);
    assert.equal(await of('slowed', { cooling_device0: idle, cooling_device1: slowed }), true);
  });

  it('knows nothing where the kernel shows nothing, and never rejects', async () => {
    const sensors = new LinuxSensors({
      clock: new FakeClock(),
      timeService,
      storeFolder: join(folder, 'missing'),
      thermalFolder: join(folder, 'missing'),
    });
    assert.deepEqual(await sensors.read(), {
      hottestC: undefined,
      isThrottled: undefined,
      freeBytes: undefined,
      isClockSynchronised: undefined,
    });
  });

  it('measures the room of the store', async () => {
    const { freeBytes } = await read(folder);
    assert.ok(freeBytes !== undefined && freeBytes > 0);
  });
});
