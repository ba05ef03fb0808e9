import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseInputSpec } from '../../../../device/input/input-spec.ts';
import { ConfigError } from '../../../../src/domain/errors.ts';

describe('parseInputSpec', () => {
  const VALID = {
    'none:': { kind: 'none' },
    'simulated:': { kind: 'simulated' },
    'gpio:/dev/gpiochip0?contact=5&exit=PQ.06&active=low&bias=pull-up': {
      kind: 'gpio',
      chip: '/dev/gpiochip0',
      contact: '5',
      exit: 'PQ.06',
      activeLow: true,
      bias: 'pull-up',
    },
    'gpio:tegra234-gpio?exit=7': {
      kind: 'gpio',
      chip: 'tegra234-gpio',
      exit: '7',
      activeLow: false,
    },
  } as const;
  for (const [text, spec] of Object.entries(VALID)) {
    it(`reads ${text}`, () => assert.deepEqual(parseInputSpec(text), spec));
  }

  for (const text of [
    '',
    'none',
    'none:x',
    'gpio:chip',
    'gpio:chip?',
    'gpio:?contact=1',
    'gpio:--x?contact=1',
    'gpio:chip?active=low',
    'gpio:chip?contact=1&exit=1',
    'gpio:chip?contact=1&contact=2',
    'gpio:chip?contact=',
    'gpio:chip?contact=-1',
    'gpio:chip?contact=1&active=0',
    'gpio:chip?contact=1&bias=up',
    'gpio:chip?contact=1&toString=1',
    'gpio:chip?contact=1=2',
  ]) {
    it(`refuses ${text === '' ? 'nothing' : text} and says what is allowed`, () => {
      assert.throws(
        () => parseInputSpec(text),
        (error) =>
          error instanceof ConfigError &&
          error.code === 'PORTICO_INPUT_SPEC' &&
          error.remedy.includes('contact=<line>'),
      );
    });
  }

  it('throws nothing but its own error, whatever it reads', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `gpio:chip?${text}`),
        ),
        (text) => {
          try {
            parseInputSpec(text);
          } catch (error) {
            assert.ok(error instanceof ConfigError);
          }
        },
      ),
    );
  });
});
