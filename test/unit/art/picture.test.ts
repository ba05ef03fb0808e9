import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { greyOf, matchBrightness, withColoursOf } from '../../../src/art/keep-colours.ts';
import {
  cropBorder,
  type Picture,
  padByReflection,
  resizePicture,
  sizeWithin,
} from '../../../src/art/picture.ts';

const picture = (widthPx: number, heightPx: number, value: (index: number) => number): Picture => ({
  widthPx,
  heightPx,
  planes: Float32Array.from({ length: 3 * widthPx * heightPx }, (_, index) => value(index)),
});
const side = fc.integer({ min: 2, max: 9 });

describe('resizePicture', () => {
  it('keeps a plain picture plain, at any size', () => {
    fc.assert(
      fc.property(side, side, side, side, (w, h, toWidth, toHeight) => {
        const plain = picture(w, h, () => 0.25);
        const resized = resizePicture(plain, { widthPx: toWidth, heightPx: toHeight });
        assert.equal(resized.planes.length, 3 * toWidth * toHeight);
        for (const value of resized.planes) assert.ok(Math.abs(value - 0.25) < 1e-6);
      }),
    );
  });

  it('averages what it shrinks, instead of picking', () => {
    const stripes = picture(8, 8, (index) => index % 2);
    const { planes } = resizePicture(stripes, { widthPx: 2, heightPx: 2 });
    for (const value of planes) assert.ok(Math.abs(value - 0.5) < 0.1, String(value));
  });

  it('keeps proportions', () => {
    assert.deepEqual(sizeWithin({ widthPx: 400, heightPx: 300 }, 200), {
      widthPx: 200,
      heightPx: 150,
    });
    assert.deepEqual(sizeWithin({ widthPx: 2, heightPx: 900 }, 90), { widthPx: 1, heightPx: 90 });
  });
});

describe('padByReflection', () => {
  it('mirrors what lies inside without repeating the edge', () => {
    const row = picture(3, 1, (index) => index % 3);
    assert.deepEqual([...padByReflection(row, 2).planes.subarray(0, 7)], [2, 1, 0, 1, 2, 1, 0]);
  });

  it('is undone by cropping, even where the border is wider than the picture', () => {
    fc.assert(
      fc.property(side, side, fc.nat(12), (w, h, border) => {
        const original = picture(w, h, (index) => index);
        assert.deepEqual(cropBorder(padByReflection(original, border), border), original);
      }),
    );
  });
});

describe('keeping colours', () => {
  const draw = fc.double({ min: 0.2, max: 0.8, noNaN: true });
  const colours = fc.array(draw, { minLength: 12, maxLength: 12 });

  it('gives the brightness of one picture to the other, and leaves its own alone', () => {
    fc.assert(
      fc.property(colours, colours, (left, right) => {
        const [bright, coloured] = [left, right].map((values) =>
          picture(2, 2, (index) => values[index] ?? 0),
        );
        assert.ok(bright !== undefined && coloured !== undefined);
        const mixed = withColoursOf(coloured, coloured);
        mixed.planes.forEach((value, index) => {
          assert.ok(Math.abs(value - (coloured.planes[index] ?? 0)) < 1e-6);
        });
        // Differences between the colours of a pixel survive where nothing was cut off.
        const result = withColoursOf(bright, coloured).planes;
        for (let pixel = 0; pixel < 4; pixel++) {
          const [red, green] = [result[pixel] ?? 0, result[4 + pixel] ?? 0];
          if (Math.max(red, green) >= 1 || Math.min(red, green) <= 0) continue;
          const wanted = (coloured.planes[pixel] ?? 0) - (coloured.planes[4 + pixel] ?? 0);
          assert.ok(Math.abs(red - green - wanted) < 1e-6);
        }
      }),
    );
  });

  it('brings a style to the brightness and contrast of the content', () => {
    const content = greyOf(picture(2, 1, (index) => (index % 2 === 0 ? 0.4 : 0.6)));
    const style = greyOf(picture(2, 1, (index) => (index % 2 === 0 ? 0.1 : 0.2)));
    const matched = matchBrightness(style, content).planes;
    assert.ok(Math.abs((matched[0] ?? 0) - 0.4) < 1e-6 && Math.abs((matched[1] ?? 0) - 0.6) < 1e-6);
  });
});
