import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseRelaySpec } from '../../../../device/relay/relay-spec.ts';
import { ConfigError } from '../../../../src/domain/errors.ts';

describe('parseRelaySpec', () => {
  const VALID = {
    'simulated:': { kind: 'simulated' },
    'gpio:tegra234-gpio/PQ.05': {
      kind: 'gpio',
      chip: 'tegra234-gpio',
      line: 'PQ.05',
      activeLow: false,
    },
    'gpio:/dev/gpiochip0/105?active=low': {
      kind: 'gpio',
      chip: '/dev/gpiochip0',
      line: '105',
      activeLow: true,
    },
    'gpio:gpiochip1/7?active=high': {
      kind: 'gpio',
      chip: 'gpiochip1',
      line: '7',
      activeLow: false,
    },
    'modbus:/dev/ttyUSB0?unit=1&channel=0&baud=19200': {
      kind: 'modbus',
      path: '/dev/ttyUSB0',
      unit: 1,
      channel: 0,
      baud: 19_200,
    },
    'modbus:/dev/serial/by-id/usb-1a86_USB-if00-port0?channel=7&unit=247': {
      kind: 'modbus',
      path: '/dev/serial/by-id/usb-1a86_USB-if00-port0',
      unit: 247,
      channel: 7,
      baud: 9_600,
    },
    'lcus:/dev/ttyUSB0?channel=1': {
      kind: 'lcus',
      path: '/dev/ttyUSB0',
      channel: 1,
      baud: 9_600,
    },
  } as const;
  for (const [text, spec] of Object.entries(VALID)) {
    it(`reads ${text}`, () => assert.deepEqual(parseRelaySpec(text), spec));
  }

  const INVALID = {
    '': /unknown kind/,
    'relay:1': /unknown kind/,
    'simulated:x': /left over/,
    'simulated:?active=low': /unknown option "active"/,
    'gpio:chip': /not <chip>\/<line>/,
    'gpio:/5': /not <chip>\/<line>/,
    'gpio:chip/': /not <chip>\/<line>/,
    'gpio:--help/5': /not <chip>\/<line>/,
    'gpio:chip/-5': /not <chip>\/<line>/,
    'gpio:chip/5=1': /not <chip>\/<line>/,
    'gpio:chip/5?active=on': /must be low or high/,
    'gpio:chip/5?active=low&active=low': /not a single/,
    'gpio:chip/5?pull=up': /unknown option "pull"/,
    'modbus:/dev/ttyUSB0?channel=0': /"unit" is missing/,
    'modbus:/dev/ttyUSB0?unit=0&channel=0': /from 1 to 247/,
    'modbus:/dev/ttyUSB0?unit=1&channel=32': /from 0 to 31/,
    'modbus:/dev/ttyUSB0?unit=1&channel=1e1': /from 0 to 31/,
    'modbus:/dev/ttyUSB0?unit=1&channel=0&baud=9601': /must be one of/,
    'modbus:/etc/passwd?unit=1&channel=0': /not a device file/,
    'modbus:/dev/../etc/x?unit=1&channel=0': /not a device file/,
    'lcus:ttyUSB0?channel=1': /not a device file/,
    'lcus:/dev/ttyUSB0?channel=0': /from 1 to 16/,
  } as const;
  for (const [text, message] of Object.entries(INVALID)) {
    it(`refuses ${text === '' ? 'nothing' : text} and says what is allowed`, () => {
      assert.throws(
        () => parseRelaySpec(text),
        (error) =>
          error instanceof ConfigError &&
          error.code === 'PORTICO_RELAY_SPEC' &&
          message.test(error.message) &&
          error.remedy.includes('gpio:'),
      );
    });
  }

  it('throws nothing but its own error, whatever it reads', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `gpio:${text}`),
          fc.string().map((text) => `modbus:/dev/${text}`),
        ),
        (text) => {
          try {
            parseRelaySpec(text);
          } catch (error) {
            assert.ok(error instanceof ConfigError);
          }
        },
      ),
    );
  });
});
