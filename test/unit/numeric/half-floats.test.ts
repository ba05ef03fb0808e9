import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromHalfFloats, toHalfFloats } from '../../../src/numeric/half-floats.ts';

const roundTrip = (value: number) => fromHalfFloats(toHalfFloats(Float32Array.of(value)))[0];

describe('half floats', () => {
  it('keep every value that float16 has', () => {
    const bits = Uint16Array.from({ length: 0x7c01 }, (_, index) => index);
    assert.deepEqual(toHalfFloats(fromHalfFloats(bits)), bits);
    const negative = bits.map((word) => word | 0x8000);
    assert.deepEqual(toHalfFloats(fromHalfFloats(negative)), negative);
  });

  it('round to the nearest, ties to even, and carry into the exponent', () => {
    assert.equal(roundTrip(1 + 2 ** -11), 1);
    assert.equal(roundTrip(1 + 3 * 2 ** -11), 1 + 2 ** -9);
    assert.equal(roundTrip(2 - 2 ** -12), 2);
    assert.equal(roundTrip(2 ** -25), 0);
    assert.equal(roundTrip(1.5 * 2 ** -25), 2 ** -24);
    assert.equal(roundTrip(65519), 65504);
    assert.equal(roundTrip(65520), Number.POSITIVE_INFINITY);
    assert.ok(Number.isNaN(roundTrip(Number.NaN)));
  });

  it('are off by no more than half a unit of their last place', () => {
    fc.assert(
      fc.property(fc.float({ min: Math.fround(-60_000), max: 60_000, noNaN: true }), (value) => {
        const exponent = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value)));
        const unit = Math.max(2 ** -24, 2 ** (exponent - 10));
        assert.ok(Math.abs((roundTrip(value) ?? Number.NaN) - value) <= unit / 2);
      }),
    );
  });
});
