import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  blankCanvas,
  type PaintedSurface,
  paintTriangles,
} from '../../../src/numeric/paint-triangles.ts';
import { paintedImage } from '../../helpers/pictures.ts';

const picture = paintedImage(16, 16, (x, y) => [10 * x, 10 * y, 50]);

/** The picture on a square of the canvas, as two triangles. */
function square(left: number, side: number, rest: Partial<PaintedSurface> = {}): PaintedSurface {
  const right = left + side;
  return {
    positions: Float32Array.from([left, 0, 0, right, 0, 0, left, side, 0, right, side, 0]),
    textureAt: Float32Array.from([0, 0, 16, 0, 0, 16, 16, 16]),
    opacity: new Float32Array(4).fill(1),
    shade: new Float32Array(4).fill(1),
    triangles: Uint16Array.from([0, 1, 2, 1, 3, 2]),
    picture,
    ...rest,
  };
}

describe('paintTriangles', () => {
  it('reproduces the picture pixel by pixel when nothing is stretched', () => {
    const canvas = blankCanvas(20, 16);
    paintTriangles(canvas, square(2, 16));
    for (let y = 0; y < 15; y += 1) {
      for (let x = 0; x < 15; x += 1) {
        const at = 3 * (y * 20 + x + 2);
        assert.ok(Math.abs(canvas.data[at]! - 10 * x) < 0.01);
        assert.ok(Math.abs(canvas.data[at + 1]! - 10 * y) < 0.01);
      }
    }
    assert.equal(canvas.data[3], 0);
    assert.equal(canvas.data[3 * 19], 0);
  });

  it('paints each pixel of a shared edge once', () => {
    const canvas = blankCanvas(16, 16);
    canvas.data.fill(100);
    const white = paintedImage(16, 16, () => [200, 200, 200]);
    paintTriangles(
      canvas,
      square(0, 16, { picture: white, opacity: new Float32Array(4).fill(0.5) }),
    );
    assert.ok(canvas.data.every((value) => Math.abs(value - 150) < 1e-3));
  });

  it('paints what is near over what is far, whatever the order', () => {
    const positions = Float32Array.from([
      0, 0, 5, 16, 0, 5, 0, 16, 5, 16, 16, 5, 0, 0, 1, 16, 0, 1, 0, 16, 1, 16, 16, 1,
    ]);
    const texture = [0, 0, 2, 0, 0, 2, 2, 2];
    const twice = {
      positions,
      textureAt: Float32Array.from([...texture, ...texture.map((value) => value + 12)]),
      opacity: new Float32Array(8).fill(1),
      shade: new Float32Array(8).fill(1),
    };
    for (const triangles of [
      [0, 1, 2, 1, 3, 2, 4, 5, 6, 5, 7, 6],
      [4, 5, 6, 5, 7, 6, 0, 1, 2, 1, 3, 2],
    ]) {
      const canvas = blankCanvas(16, 16);
      paintTriangles(canvas, square(0, 16, { ...twice, triangles: Uint16Array.from(triangles) }));
      assert.ok(canvas.data[0]! > 100);
    }
  });

  it('lets through what is behind a hole', () => {
    const holes = new Uint8Array(256).fill(1).fill(0, 0, 128);
    const canvas = blankCanvas(16, 16);
    canvas.data.fill(7);
    paintTriangles(canvas, square(0, 16, { holes }));
    assert.equal(canvas.data[2], 7);
    assert.equal(canvas.data[3 * (12 * 16 + 3) + 2], 50);
  });

  it('cuts off what lies outside the canvas', () => {
    const canvas = blankCanvas(8, 8);
    paintTriangles(canvas, square(-4, 16));
    assert.ok(Math.abs(canvas.data[0]! - 40) < 0.01);
  });
});
