import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lcusFrame } from '../../../../device/relay/holder/lcus-output.ts';

describe('lcusFrame', () => {
  it('writes the commands of the boards data sheet', () => {
    assert.deepEqual([...lcusFrame(1, 1)], [0xa0, 0x01, 0x01, 0xa2]);
    assert.deepEqual([...lcusFrame(1, 0)], [0xa0, 0x01, 0x00, 0xa1]);
    assert.deepEqual([...lcusFrame(2, 1)], [0xa0, 0x02, 0x01, 0xa3]);
  });
});
