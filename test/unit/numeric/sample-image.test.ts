import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleImage, tapsFor } from '../../../src/numeric/sample-image.ts';
import { IDENTITY_TRANSFORM } from '../../../src/numeric/similarity-transform.ts';
import { paintedImage, pixelAt, rawTarget } from '../../helpers/pictures.ts';

const ramp = paintedImage(8, 6, (x, y) => [x * 10, y * 10, 7]);

describe('sampleImage', () => {
  it('copies pixel for pixel under the identity', () => {
    const target = rawTarget(8, 6);
    sampleImage(ramp, IDENTITY_TRANSFORM, target);
    assert.deepEqual(pixelAt(target, 0, 0), [0, 0, 7]);
    assert.deepEqual(pixelAt(target, 7, 5), [70, 50, 7]);
  });

  it('takes the mean of neighbours half way between them', () => {
    const target = rawTarget(4, 4);
    sampleImage(ramp, { a: 1, b: 0, dx: 0.5, dy: 0.5 }, target);
    assert.deepEqual(pixelAt(target, 1, 2), [15, 25, 7]);
  });

  it('reads along the turned axes', () => {
    const target = rawTarget(3, 3);
    // Target x runs down the source, target y runs to its left.
    sampleImage(ramp, { a: 0, b: 1, dx: 4, dy: 1 }, target);
    assert.deepEqual(pixelAt(target, 0, 0), [30, 10, 7]);
    assert.deepEqual(pixelAt(target, 2, 1), [20, 30, 7]);
  });

  it('is black outside the source, and fades over the border by half a pixel', () => {
    const white = paintedImage(4, 4, () => [200, 200, 200]);
    const target = rawTarget(8, 8);
    sampleImage(white, { a: 1, b: 0, dx: -2.5, dy: -2 }, target);
    assert.deepEqual(pixelAt(target, 0, 4), [0, 0, 0]);
    assert.deepEqual(pixelAt(target, 2, 4), [100, 100, 100]);
    assert.deepEqual(pixelAt(target, 6, 4), [100, 100, 100]);
    assert.deepEqual(pixelAt(target, 7, 4), [0, 0, 0]);
    assert.deepEqual(pixelAt(target, 4, 6), [0, 0, 0]);
  });

  it('averages fine detail away where it shrinks, instead of picking from it', () => {
    const stripes = paintedImage(64, 64, (x) => (x % 2 === 0 ? [255, 255, 255] : [0, 0, 0]));
    const target = rawTarget(16, 16);
    sampleImage(stripes, { a: 4, b: 0, dx: 0, dy: 0 }, target);
    for (let x = 0; x < 16; x += 1) assert.ok(Math.abs(pixelAt(target, x, 8)[0] - 127.5) < 1e-3);
  });

  it('scales and shifts each channel into its place', () => {
    const data = new Float32Array(3);
    const target = {
      data,
      widthPx: 1,
      heightPx: 1,
      pixelStride: 3,
      offsets: [2, 1, 0],
      scales: [1, 2, 3],
      biases: [-1, -2, -3],
    } as const;
    const source = paintedImage(1, 1, () => [10, 20, 30]);
    sampleImage(source, IDENTITY_TRANSFORM, target);
    assert.deepEqual([...data], [87, 38, 9]);
  });

  it('reads frames in shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(ramp.rgb.length));
    shared.set(ramp.rgb);
    const target = rawTarget(8, 6);
    sampleImage({ ...ramp, rgb: shared }, IDENTITY_TRANSFORM, target);
    assert.deepEqual(pixelAt(target, 3, 2), [30, 20, 7]);
  });
});

describe('tapsFor', () => {
  it('takes as many samples as leave no pixel of the source out, up to four an axis', () => {
    const scales = [0.2, 1, 1.4, 2, 3.1, 40].map((a) => tapsFor({ a, b: 0, dx: 0, dy: 0 }));
    assert.deepEqual(scales, [1, 1, 1, 1, 2, 4]);
  });
});
