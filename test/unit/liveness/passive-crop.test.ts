import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { passiveCrop } from '../../../src/liveness/passive-crop.ts';
import { transformPoint } from '../../../src/numeric/similarity-transform.ts';

const frame = { widthPx: 640, heightPx: 480 };

describe('passiveCrop', () => {
  it('enlarges the raised box about its centre', () => {
    // A box of 100 px centred at (320, 240) is raised to (320, 220); twice its size spans 200 px.
    const box = { xPx: 270, yPx: 190, widthPx: 100, heightPx: 100 };
    const crop = passiveCrop(box, frame, 2, 128);
    assert.deepEqual(transformPoint(crop, { xPx: 0, yPx: 0 }), { xPx: 220, yPx: 120 });
    assert.deepEqual(transformPoint(crop, { xPx: 128, yPx: 128 }), { xPx: 420, yPx: 320 });
  });

  it('never leaves the frame, however near or far aside the face is', () => {
    const boxes = fc.record({
      xPx: fc.integer({ min: -200, max: 640 }),
      yPx: fc.integer({ min: -200, max: 480 }),
      widthPx: fc.integer({ min: 10, max: 600 }),
      heightPx: fc.integer({ min: 10, max: 600 }),
    });
    fc.assert(
      fc.property(boxes, fc.constantFrom(1.4, 2, 2.7), (box, scale) => {
        const crop = passiveCrop(box, frame, scale, 128);
        const first = transformPoint(crop, { xPx: 0, yPx: 0 });
        const last = transformPoint(crop, { xPx: 128, yPx: 128 });
        assert.ok(first.xPx >= 0 && first.yPx >= 0);
        assert.ok(last.xPx <= frame.widthPx + 1e-6 && last.yPx <= frame.heightPx + 1e-6);
        assert.ok(Math.abs(last.xPx - first.xPx - (last.yPx - first.yPx)) < 1e-6);
      }),
    );
  });
});
