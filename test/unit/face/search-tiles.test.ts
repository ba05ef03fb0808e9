import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { searchTiles } from '../../../src/face/search-tiles.ts';

const INPUT_PX = 256;
const sizes = fc.record({
  widthPx: fc.integer({ min: 100, max: 4000 }),
  heightPx: fc.integer({ min: 100, max: 4000 }),
});

describe('searchTiles', () => {
  it('lays three by two tiles of 320 pixels over a frame of 640 x 480', () => {
    const tiles = searchTiles({ widthPx: 640, heightPx: 480 }, INPUT_PX);
    assert.deepEqual(
      tiles.map(({ a, dx, dy }) => [a * INPUT_PX, dx, dy]),
      [
        [320, 0, 0],
        [320, 160, 0],
        [320, 320, 0],
        [320, 0, 160],
        [320, 160, 160],
        [320, 320, 160],
      ],
    );
  });

  it('stays inside the picture', () => {
    fc.assert(
      fc.property(sizes, (picture) => {
        for (const { a, dx, dy } of searchTiles(picture, INPUT_PX)) {
          assert.ok(dx >= 0 && dx + a * INPUT_PX <= picture.widthPx + 1e-6);
          assert.ok(dy >= 0 && dy + a * INPUT_PX <= picture.heightPx + 1e-6);
        }
      }),
    );
  });

  it('holds any face up to half a tile wholly in one of them', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(sizes, share, share, (picture, across, down) => {
        const facePx = Math.min(picture.widthPx, picture.heightPx) / 3;
        const left = across * (picture.widthPx - facePx);
        const top = down * (picture.heightPx - facePx);
        const holds = searchTiles(picture, INPUT_PX).some(
          ({ a, dx, dy }) =>
            left >= dx - 1e-6 &&
            top >= dy - 1e-6 &&
            left + facePx <= dx + a * INPUT_PX + 1e-6 &&
            top + facePx <= dy + a * INPUT_PX + 1e-6,
        );
        assert.ok(holds);
      }),
    );
  });
});
