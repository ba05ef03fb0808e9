import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { styleAt } from '../../../src/idle/studio/style-rotation.ts';

const ROTATION = { intervalMs: 60_000, fadeMs: 12_000, turns: [0, 1, 2], styles: 3 };

describe('rotation of styles', () => {
  it('shows one style alone, then passes into the next', () => {
    assert.deepEqual(styleAt(0, ROTATION).weights, [1, 0, 0]);
    assert.deepEqual(styleAt(48_000, ROTATION).weights, [1, 0, 0]);
    assert.deepEqual(styleAt(54_000, ROTATION).weights, [0.5, 0.5, 0]);
    assert.deepEqual(styleAt(60_000, ROTATION).weights, [0, 1, 0]);
    assert.deepEqual(styleAt(174_000, ROTATION).weights, [0.5, 0, 0.5]);
  });

  it('names the style that shows most, and how long it stays as it is', () => {
    assert.equal(styleAt(53_000, ROTATION).leading, 0);
    assert.equal(styleAt(55_000, ROTATION).leading, 1);
    assert.equal(styleAt(10_000, ROTATION).staysForMs, 38_000);
    assert.equal(styleAt(50_000, ROTATION).staysForMs, 0);
  });

  it('never fades where there is one style only', () => {
    const one = { ...ROTATION, turns: [2] };
    assert.deepEqual(styleAt(59_000, one).weights, [0, 0, 1]);
  });

  it('gives shares that add up to one, and never jumps by more than time allows', () => {
    const moment = fc.integer({ min: 0, max: 600_000 });
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: 500 }), (atMs, laterMs) => {
        const now = styleAt(atMs, ROTATION).weights;
        const later = styleAt(atMs + laterMs, ROTATION).weights;
        assert.ok(Math.abs(now.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9);
        for (const [style, weight] of now.entries()) {
          assert.ok(Math.abs(weight - later[style]!) <= laterMs / ROTATION.fadeMs + 1e-9);
        }
      }),
    );
  });
});
