import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
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

  it('splits a pixel that two targets share by the covered area', () => {
    const source = paintedImage(3, 1, (x) => [[0, 90, 30][x] ?? 0, 0, 0]);
    const target = rawTarget(2, 1);
    const place = { leftPx: 0, topPx: 0, widthPx: 2, heightPx: 1 };
    new ImageShrinker(source, place).shrink(source, target);
    assert.ok(Math.abs(pixelAt(target, 0, 0)[0] - 30) < 1e-4);
    assert.ok(Math.abs(pixelAt(target, 1, 0)[0] - 50) < 1e-4);
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

  it('keeps the mean brightness at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 40 }), fc.integer({ min: 1, max: 5 }), (side, to) => {
        const source = paintedImage(side, side, (x, y) => [(x * 37 + y * 11) % 256, 0, 0]);
        const target = rawTarget(to, to);
        const place = { leftPx: 0, topPx: 0, widthPx: to, heightPx: to };
        new ImageShrinker(source, place).shrink(source, target);
        const meanOf = (values: Iterable<number>, count: number): number =>
          [...values].reduce((sum, value) => sum + value, 0) / count;
        const before = meanOf(
          source.rgb.filter((_value, at) => at % 3 === 0),
          side * side,
        );
        const after = meanOf(target.data.subarray(0, to * to), to * to);
        assert.ok(Math.abs(before - after) < 0.01);
      }),
      { numRuns: 50 },
    );
  });
});
