import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { drawCrops, motionMatrix } from '../../../src/art/training-crops.ts';

const CROP = 16;
const AREA = CROP * CROP;

/** Every pixel tells where it lies; mid-tones, so that no exposure cuts them off. */
const photo = (widthPx = 48, heightPx = 40) => ({
  widthPx,
  heightPx,
  rgb: Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, index) => {
    const pixel = Math.floor(index / 3);
    return [60 + (pixel % widthPx) * 2, 60 + Math.floor(pixel / widthPx) * 2, 128][index % 3] ?? 0;
  }),
});

/** rows x plane x columns, all (crop, crop). */
function moved(rows: Float32Array, plane: Float32Array, columns: Float32Array): Float32Array {
  const product = (left: Float32Array, right: Float32Array) =>
    Float32Array.from({ length: AREA }, (_, index) => {
      let sum = 0;
      for (let k = 0; k < CROP; k++) {
        const row = Math.floor(index / CROP);
        sum += (left[row * CROP + k] ?? 0) * (right[k * CROP + (index % CROP)] ?? 0);
      }
      return sum;
    });
  return product(rows, product(plane, columns));
}

describe('drawCrops', () => {
  it('shows the second view of a scene where the motion says, but for noise', () => {
    for (let step = 0; step < 30; step++) {
      const drawn = drawCrops([photo()], step, { cropPx: CROP, pairs: 2, seed: 7 });
      const covered = moved(drawn.rows, new Float32Array(AREA).fill(1), drawn.columns);
      assert.ok(covered.some((value) => value === 1));
      for (let plane = 0; plane < 6; plane++) {
        const first = drawn.pictures.subarray(plane * AREA, (plane + 1) * AREA);
        const second = drawn.pictures.subarray((6 + plane) * AREA, (7 + plane) * AREA);
        const expected = moved(drawn.rows, first, drawn.columns);
        let error = 0;
        let count = 0;
        covered.forEach((isCovered, index) => {
          if (isCovered === 0) return;
          error += (second[index] ?? 0) - (expected[index] ?? 0);
          count += 1;
        });
        // Exposure differs by 4 % at most; one pixel of motion would be 0.008 everywhere else.
        assert.ok(Math.abs(error / count) < 0.04, `step ${step}, plane ${plane}: ${error / count}`);
      }
    }
  });

  it('draws the same for the same step and seed, and something else for another', () => {
    const options = { cropPx: CROP, pairs: 1, seed: 1 };
    assert.deepEqual(drawCrops([photo()], 5, options), drawCrops([photo()], 5, options));
    assert.notDeepEqual(drawCrops([photo()], 5, options), drawCrops([photo()], 6, options));
    assert.notDeepEqual(
      drawCrops([photo()], 5, options),
      drawCrops([photo()], 5, { ...options, seed: 2 }),
    );
  });
});

describe('motionMatrix', () => {
  it('moves rows down, and leaves nothing where nothing was', () => {
    const matrix = motionMatrix(3, 1);
    assert.deepEqual([...matrix], [0, 0, 0, 1, 0, 0, 0, 1, 0]);
    assert.deepEqual([...motionMatrix(3, -2)], [0, 0, 1, 0, 0, 0, 0, 0, 0]);
  });
});
