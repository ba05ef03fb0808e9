import { readFileSync } from 'node:fs';
import { systemClock } from '../../../device/clock/system-clock.ts';
import type { GpiodDialect } from '../../../device/gpio/gpiod-programs.ts';
import { openRelay } from '../../../device/relay/open-relay.ts';
import { SimulatedRelay } from '../../../device/relay/simulated-relay.ts';
import { RecordingLogger } from '../../helpers/recording-logger.ts';
import type { RelayRigKind } from '../relay.contract.ts';
import { FakeGpiod, whyNoFakeGpiod } from './fake-gpiod.ts';
import { LcusBoard } from './lcus-board.ts';
import { ModbusBoard } from './modbus-board.ts';
import { whyNoPseudoSerial } from './pseudo-serial.ts';

const given = (maxPulseMs: number) => ({
  clock: systemClock,
  logger: new RecordingLogger(),
  maxPulseMs,
});

export const simulatedKind: RelayRigKind = {
  name: 'simulated',
  readsBack: true,
  reportsFaults: true,
  skip: undefined,
  async open(maxPulseMs) {
    const relay = new SimulatedRelay(given(maxPulseMs));
    let isOn = false;
    relay.onChange((state) => {
      isOn = state === 'energised';
    });
    const breakOutput = (): void => relay.failNext();
    return { relay, isOn: () => isOn, breakOutput, dispose: async () => {} };
  },
};

export const fakeGpioKind = (dialect: GpiodDialect, activeLow: boolean): RelayRigKind => ({
  name: `gpio over played libgpiod ${dialect}, active ${activeLow ? 'low' : 'high'}`,
  readsBack: true,
  reportsFaults: true,
  skip: whyNoFakeGpiod(),
  async open(maxPulseMs) {
    const bench = new FakeGpiod(dialect);
    const spec = `gpio:strike-board/strike${activeLow ? '?active=low' : ''}`;
    const relay = await openRelay(spec, given(maxPulseMs));
    return {
      relay,
      isOn: () => (bench.level() === 1) !== activeLow,
      breakOutput: () => bench.setBehaviour('fail-on'),
      dispose: async () => bench.dispose(),
    };
  },
});

const REAL_SPEC = process.env['PORTICO_TEST_GPIO_RELAY'];
const REAL_LEVEL_FILE = process.env['PORTICO_TEST_GPIO_LEVEL_FILE'];

/** A real chip, or the kernel's gpio-sim, whose lines can be read back from a file. */
export const realGpioKind: RelayRigKind = {
  name: 'gpio on a real chip',
  readsBack: true,
  reportsFaults: false,
  skip:
    REAL_SPEC === undefined || REAL_LEVEL_FILE === undefined
      ? 'needs hardware: set PORTICO_TEST_GPIO_RELAY=gpio:<chip>/<line> and PORTICO_TEST_GPIO_LEVEL_FILE=<file that reads 0 or 1>'
      : undefined,
  async open(maxPulseMs) {
    return {
      relay: await openRelay(REAL_SPEC ?? '', given(maxPulseMs)),
      isOn: () => readFileSync(REAL_LEVEL_FILE ?? '', 'utf8').trim() === '1',
      breakOutput: () => {},
      dispose: async () => {},
    };
  },
};

export const modbusKind: RelayRigKind = {
  name: 'Modbus RTU over a pseudo-terminal',
  readsBack: true,
  reportsFaults: true,
  skip: whyNoPseudoSerial(),
  async open(maxPulseMs) {
    const board = new ModbusBoard();
    const path = await board.plugIn();
    const relay = await openRelay(`modbus:${path}?unit=1&channel=2`, given(maxPulseMs));
    return {
      relay,
      isOn: () => board.isOn(2),
      breakOutput: () => {
        board.fault = 'exception';
        board.faultCount = 1;
      },
      dispose: () => board.unplug(),
    };
  },
};

export const lcusKind: RelayRigKind = {
  name: 'LCUS over a pseudo-terminal',
  readsBack: false,
  reportsFaults: false,
  skip: whyNoPseudoSerial(),
  async open(maxPulseMs) {
    const board = new LcusBoard();
    const path = await board.plugIn();
    const relay = await openRelay(`lcus:${path}?channel=1`, given(maxPulseMs));
    return {
      relay,
      isOn: () => board.isOn(1),
      breakOutput: () => {},
      dispose: () => board.unplug(),
    };
  },
};
