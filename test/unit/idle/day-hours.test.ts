import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isWithin } from '../../../src/idle/gate/day-hours.ts';

const at = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

describe('hours of a day', () => {
  it('begin with their first minute and end before their last', () => {
    const hours = { from: '08:00', to: '18:00' };
    assert.deepEqual(
      ['07:59', '08:00', '17:59', '18:00'].map((time) => isWithin(hours, at(time))),
      [false, true, true, false],
    );
  });

  it('go on over midnight where the end is not later', () => {
    const hours = { from: '22:00', to: '06:00' };
    assert.deepEqual(
      ['21:59', '22:00', '00:00', '05:59', '06:00', '12:00'].map((t) => isWithin(hours, at(t))),
      [false, true, true, true, false, false],
    );
  });

  it('can be the whole day', () => {
    const hours = { from: '00:00', to: '24:00' };
    assert.ok(isWithin(hours, 0) && isWithin(hours, at('23:59')));
  });
});
