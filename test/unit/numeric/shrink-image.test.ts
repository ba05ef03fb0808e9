import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ImageShrinker } from '../../../src/numeric/shrink-image.ts';
import { paintedImage, pixelAt, rawTarget } from '../../helpers/pictures.ts';

describe('ImageShrinker', () => {
  it('averages whole blocks', () => {
    const source = paintedImage(4, 2, (x, y) => [x * 10, y * 100, 3]);
    const target = rawTarget(2, 1);
    const place = { leftPx: 0, topPx: 0, widthPx: 2, heightPx: 1 };
    new ImageShrinker(source, place).shrink(source, target);
    assert.deepEqual(pixelAt(target, 0, 0), [5, 50, 3]);
    assert.deepEqual(pixelAt(target, 1, 0), [25, 50, 3]);
  });

  it('centres its blocks where the ratio is not whole', () => {
    const source = paintedImage(10, 10, (x, y) => [x, y, 0]);
    const target = rawTarget(4, 4);
    const place = { leftPx: 0, topPx: 0, widthPx: 4, heightPx: 4 };
    new ImageShrinker(source, place).shrink(source, target);
    for (let index = 0; index < 4; index += 1) {
      // The pixel's centre in the source, less the half by which indices count from 0.
      const exact = (index + 0.5) * 2.5 - 0.5;
      const [red, green] = pixelAt(target, index, index);
      assert.ok(Math.abs(red - exact) <= 0.5, `${red} instead of ${exact}`);
      assert.ok(Math.abs(green - exact) <= 0.5);
    }
  });

  it('writes into its place and nowhere else', () => {
    const source = paintedImage(8, 4, () => [40, 50, 60]);
    const target = rawTarget(6, 6);
    const place = { leftPx: 1, topPx: 2, widthPx: 4, heightPx: 2 };
    new ImageShrinker(source, place).shrink(source, target);
    const written = [...target.data].filter((value) => !Number.isNaN(value));
    assert.equal(written.length, 4 * 2 * 3);
    assert.deepEqual(pixelAt(target, 1, 2), [40, 50, 60]);
    assert.deepEqual(pixelAt(target, 4, 3), [40, 50, 60]);
  });

  it('stays inside sources of any size', () => {
    for (const side of [9, 17, 33, 41]) {
      const source = paintedImage(side, side, () => [77, 77, 77]);
      const target = rawTarget(4, 4);
      const place = { leftPx: 0, topPx: 0, widthPx: 4, heightPx: 4 };
      new ImageShrinker(source, place).shrink(source, target);
      assert.ok(target.data.every((value) => Math.abs(value - 77) < 1e-3));
    }
  });
});
