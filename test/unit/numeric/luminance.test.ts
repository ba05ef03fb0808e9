import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  laplacianVariance,
  luminanceStatistics,
  sampleLuminance,
} from '../../../src/numeric/luminance.ts';
import { IDENTITY_TRANSFORM } from '../../../src/numeric/similarity-transform.ts';
import { paintedImage } from '../../helpers/pictures.ts';

const grey = (widthPx: number, heightPx: number, values?: readonly number[]) => ({
  data: values === undefined ? new Float32Array(widthPx * heightPx) : Float32Array.from(values),
  widthPx,
  heightPx,
});

describe('sampleLuminance', () => {
  it('weighs green most and blue least', () => {
    const colours = [
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ] as const;
    const target = grey(3, 1);
    sampleLuminance(
      paintedImage(3, 1, (x) => colours[x] ?? [0, 0, 0]),
      IDENTITY_TRANSFORM,
      target,
    );
    const [red, green, blue] = [...target.data].map((value) => Math.round(value));
    assert.deepEqual([red, green, blue], [76, 150, 29]);
  });

  it('continues the border outside, so that a cut-off face does not look dark', () => {
    const target = grey(4, 4);
    const source = paintedImage(2, 2, () => [90, 90, 90]);
    sampleLuminance(source, { a: 1, b: 0, dx: -5, dy: -5 }, target);
    assert.ok(target.data.every((value) => Math.abs(value - 90) < 1e-3));
  });
});

describe('luminanceStatistics', () => {
  it('gives mean and population deviation', () => {
    assert.deepEqual(luminanceStatistics(grey(2, 1, [10, 30])), { mean: 20, deviation: 10 });
  });
});

describe('laplacianVariance', () => {
  it('is zero for an even slope', () => {
    const slope = Array.from({ length: 25 }, (_value, at) => (at % 5) * 9);
    assert.ok(laplacianVariance(grey(5, 5, slope)) < 1e-6);
  });

  it('matches a case worked by hand', () => {
    // Inner pixels of a 4x3 picture with one bright pixel at (1, 1): Laplacians -4 and 1.
    const spot = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    assert.equal(laplacianVariance(grey(4, 3, spot)), 6.25);
  });

  it('falls when the picture is blurred', () => {
    const edge = Array.from({ length: 81 }, (_value, at) => (at % 9 < 4 ? 0 : 200));
    const soft = Array.from({ length: 81 }, (_value, at) =>
      Math.max(0, Math.min(200, ((at % 9) - 2) * 50)),
    );
    assert.ok(laplacianVariance(grey(9, 9, soft)) < laplacianVariance(grey(9, 9, edge)));
  });
});
