import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../device/clock/system-clock.ts';
import type { GpiodDialect } from '../../device/gpio/gpiod-programs.ts';
import { createDoorInputs } from '../../device/input/create-door-inputs.ts';
import { SimulatedInputs } from '../../device/input/simulated-inputs.ts';
import { RecordingLogger } from '../helpers/recording-logger.ts';
import { type DoorRigKind, doorInputsContract } from './door-inputs.contract.ts';
import { waitUntil } from './relay.contract.ts';
import { FakeGpiod, whyNoFakeGpiod } from './relay-rigs/fake-gpiod.ts';

const given = () => ({ clock: systemClock, logger: new RecordingLogger() });
const CHIP = 'gpiochip1';
const CONTACT = 3;
const EXIT = 4;
const WIRED = ['gpiochip0 sim-a - - - -', `${CHIP} strike-board - - strike contact exit`] as const;

const simulatedKind: DoorRigKind = {
  name: 'simulated',
  skip: undefined,
  async make() {
    const inputs = new SimulatedInputs();
    return {
      inputs,
      openDoor: () => inputs.openDoor(),
      closeDoor: () => inputs.closeDoor(),
      pressButton: () => inputs.pressExit(),
      releaseButton: () => {},
      breakWires: () => inputs.fail('cut'),
      mendWires: () => inputs.heal(),
      dispose: () => {},
    };
  },
};

/** Active low with a pull-up, as contacts are wired: closed door and pressed button pull to ground. */
const gpioKind = (dialect: GpiodDialect, lines: 'names' | 'offsets'): DoorRigKind => ({
  name: `gpio over played libgpiod ${dialect}, lines by ${lines === 'names' ? 'name' : 'offset'}`,
  skip: whyNoFakeGpiod(),
  async make() {
    const fake = new FakeGpiod(dialect);
    const [contact, exit] = lines === 'names' ? ['contact', 'exit'] : [CONTACT, EXIT];
    const set = (offset: number, isActive: boolean) => () =>
      fake.setInput(CHIP, offset, isActive ? 0 : 1);
    set(CONTACT, true)();
    set(EXIT, false)();
    return {
      inputs: await createDoorInputs(
        `gpio:strike-board?contact=${contact}&exit=${exit}&active=low&bias=pull-up`,
        given(),
      ),
      openDoor: set(CONTACT, false),
      closeDoor: set(CONTACT, true),
      pressButton: set(EXIT, true),
      releaseButton: set(EXIT, false),
      breakWires: () => fake.setChips(WIRED[0]),
      mendWires: () => fake.setChips(...WIRED),
      dispose: () => fake.dispose(),
    };
  },
});

doorInputsContract(simulatedKind);
doorInputsContract(gpioKind('v1', 'names'));
doorInputsContract(gpioKind('v1', 'offsets'));
doorInputsContract(gpioKind('v2', 'names'));
doorInputsContract(gpioKind('v2', 'offsets'));

describe('a door without sensors', () => {
  it('reports its contact as absent', async () => {
    const inputs = await createDoorInputs('none:', given());
    const heard: string[] = [];
    await inputs.open({
      onContact: (state) => heard.push(state),
      onExitButton: () => heard.push('exit'),
      onFault: () => heard.push('fault'),
    });
    assert.deepEqual(heard, ['absent']);
    await inputs.close();
  });
});

describe('a rattling door contact', { skip: whyNoFakeGpiod() ?? false }, () => {
  it('is reported as it stands once it is quiet', async () => {
    const fake = new FakeGpiod('v1');
    const heard: string[] = [];
    const inputs = await createDoorInputs('gpio:strike-board?contact=3', given());
    try {
      fake.setInput(CHIP, CONTACT, 0);
      await inputs.open({
        onContact: (state) => heard.push(state),
        onExitButton: () => heard.push('exit'),
        onFault: (detail) => heard.push(detail),
      });
      for (let edge = 1; edge <= 61; edge += 1) {
        fake.setInput(CHIP, CONTACT, edge % 2 === 1 ? 1 : 0);
        await sleep(6);
      }
      await waitUntil(() => inputs.contact() === 'closed', 20_000);
      await sleep(200);
      assert.equal(heard.at(-1), 'closed');
      assert.ok(heard.length <= 6, `told too often: ${heard.join(', ')}`);
    } finally {
      await inputs.close();
      fake.dispose();
    }
  });
});

describe('a door that moves unseen', { skip: whyNoFakeGpiod() ?? false }, () => {
  for (const dialect of ['v1', 'v2'] as const) {
    it(`is read anew while its monitor starts: libgpiod ${dialect}`, async () => {
      const fake = new FakeGpiod(dialect);
      const heard: string[] = [];
      const inputs = await createDoorInputs('gpio:strike-board?contact=3&exit=4', given());
      try {
        fake.setInput(CHIP, CONTACT, 1);
        fake.setInput(CHIP, EXIT, 0);
        fake.setBehaviour('slow-monitor');
        const opened = inputs.open({
          onContact: (state) => heard.push(state),
          onExitButton: () => heard.push('exit'),
          onFault: (detail) => heard.push(detail),
        });
        await waitUntil(() => fake.monitorStarts(), 8_000);
        fake.setInput(CHIP, CONTACT, 0);
        fake.setInput(CHIP, EXIT, 1);
        await opened;
        fake.setBehaviour('normal');
        await waitUntil(() => heard.includes('open') && heard.includes('exit'), 20_000);
        assert.deepEqual(heard, ['closed', 'open', 'exit']);
      } finally {
        await inputs.close();
        fake.dispose();
      }
    });
  }
});

describe('GPIO door inputs that cannot be opened', { skip: whyNoFakeGpiod() ?? false }, () => {
  for (const dialect of ['v1', 'v2'] as const) {
    it(`say what is wrong: libgpiod ${dialect}`, async () => {
      const fake = new FakeGpiod(dialect);
      const silent = { onContact: () => {}, onExitButton: () => {}, onFault: () => {} };
      try {
        const elsewhere = await createDoorInputs('gpio:elsewhere?exit=4', given());
        await assert.rejects(elsewhere.open(silent), { code: 'PORTICO_INPUT_UNAVAILABLE' });
        fake.setBehaviour('denied');
        const forbidden = await createDoorInputs('gpio:strike-board?exit=4', given());
        await assert.rejects(forbidden.open(silent), { code: 'PORTICO_INPUT_UNAVAILABLE' });
      } finally {
        fake.dispose();
      }
    });
  }
});
