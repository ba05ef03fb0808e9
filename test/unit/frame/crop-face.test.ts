import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { copyCutting, cuttingRound } from '../../../src/frame/crop-face.ts';

const FRAME = { widthPx: 40, heightPx: 30 };

describe('cutting out a face', () => {
  it('takes the box with its margin, and no more than there is', () => {
    const box = { xPx: 10, yPx: 10, widthPx: 10, heightPx: 10 };
    assert.deepEqual(cuttingRound(box, FRAME, 0.4), {
      leftPx: 6,
      topPx: 6,
      widthPx: 18,
      heightPx: 18,
    });
    const atCorner = { xPx: -5, yPx: 25, widthPx: 10, heightPx: 10 };
    assert.deepEqual(cuttingRound(atCorner, FRAME, 0.5), {
      leftPx: 0,
      topPx: 20,
      widthPx: 10,
      heightPx: 10,
    });
    assert.equal(
      cuttingRound({ xPx: 90, yPx: 0, widthPx: 10, heightPx: 10 }, FRAME, 0.4),
      undefined,
    );
  });

  it('copies exactly those pixels, wherever the box lies', () => {
    const rgb = Uint8Array.from({ length: 40 * 30 * 3 }, (_, index) => index % 251);
    const side = fc.integer({ min: -30, max: 50 });
    fc.assert(
      fc.property(side, side, fc.nat(30), fc.nat(30), (xPx, yPx, widthPx, heightPx) => {
        const cutting = cuttingRound({ xPx, yPx, widthPx, heightPx }, FRAME, 0.4);
        if (cutting === undefined) return;
        const { leftPx, topPx } = cutting;
        const into = new Uint8Array(cutting.widthPx * cutting.heightPx * 3);
        copyCutting({ rgb, ...FRAME }, cutting, into);
        for (let y = 0; y < cutting.heightPx; y += 1) {
          for (let x = 0; x < cutting.widthPx * 3; x += 1) {
            const from = ((topPx + y) * 40 + leftPx) * 3 + x;
            assert.equal(into[y * cutting.widthPx * 3 + x], rgb[from]);
          }
        }
      }),
    );
  });
});
