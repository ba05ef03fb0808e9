import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Box } from '../../../src/domain/face.ts';
import {
  type DetectFaces,
  detectionRecall,
  isOn,
} from '../../../src/evaluation/detection-recall.ts';
import { LFW_FACE_SHARE, recallScene } from '../../../src/evaluation/recall-scene.ts';
import { renderDetectionRecall } from '../../../src/evaluation/render-report.ts';
import type { RgbImage } from '../../../src/numeric/sample-image.ts';

const FRAME = { widthPx: 64, heightPx: 48 };

/** A dark picture whose face, by the framing rule, is pure red. */
function redFace(sidePx: number): RgbImage {
  const rgb = new Uint8Array(sidePx * sidePx * 3);
  const edge = (sidePx * (1 - LFW_FACE_SHARE)) / 2;
  for (let row = 0; row < sidePx; row += 1) {
    for (let column = 0; column < sidePx; column += 1) {
      const inside = Math.min(row, column) >= edge && Math.max(row, column) < sidePx - edge;
      if (inside) rgb[(row * sidePx + column) * 3] = 255;
    }
  }
  return { rgb, widthPx: sidePx, heightPx: sidePx };
}

/** Finds what is red and not green. */
const findRed: DetectFaces = async ({ rgb, widthPx }) => {
  const columns: number[] = [];
  const rows: number[] = [];
  for (let pixel = 0; pixel < rgb.length / 3; pixel += 1) {
    if ((rgb[pixel * 3] ?? 0) > 20 && (rgb[pixel * 3 + 1] ?? 0) < 3) {
      columns.push(pixel % widthPx);
      rows.push(Math.floor(pixel / widthPx));
    }
  }
  if (columns.length === 0) return [];
  const xPx = Math.min(...columns);
  const yPx = Math.min(...rows);
  return [
    { xPx, yPx, widthPx: Math.max(...columns) + 1 - xPx, heightPx: Math.max(...rows) + 1 - yPx },
  ];
};

describe('recallScene', () => {
  it('puts the face where it says, at the size that was asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.25, max: 0.95, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (sizeRatio, across, down) => {
          const plan = { frame: FRAME, sizeRatio, across, down, exposureStops: 0, seed: 5 };
          const { image, face } = recallScene(redFace(100), plan);
          assert.ok(Math.abs(face.heightPx - sizeRatio * FRAME.heightPx) < 1e-9);
          const [found] = await findRed(image);
          assert.ok(found !== undefined);
          for (const side of ['xPx', 'yPx', 'widthPx', 'heightPx'] as const) {
            assert.ok(
              Math.abs(found[side] - face[side]) <= 2,
              `${side} ${found[side]} ${face[side]}`,
            );
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('dims the whole scene and repeats itself for one seed', () => {
    const plan = { frame: FRAME, sizeRatio: 0.3, across: 0, down: 0, exposureStops: 0, seed: 9 };
    const bright = recallScene(redFace(100), plan).image.rgb;
    const dim = recallScene(redFace(100), { ...plan, exposureStops: -4.4 }).image.rgb;
    assert.ok(bright.every((value, index) => Math.abs((dim[index] ?? 0) - value / 4) <= 1));
    assert.deepEqual(recallScene(redFace(100), plan).image.rgb, bright);
  });
});

describe('detectionRecall', () => {
  const portraits = Array.from({ length: 6 }, (_, index) => ({
    name: `portrait ${index}`,
    image: redFace(100),
  }));
  const options = { portraits, frame: FRAME, sizeRatios: [0.05, 0.4, 0.9] };

  it('finds everything with a detector that sees, and counts no false face', async () => {
    const report = await detectionRecall({ ...options, detectFaces: findRed, sizeRatios: [0.4] });
    assert.deepEqual(
      report.sizes.map(({ found, scenes, falseFaces }) => [found, scenes, falseFaces]),
      [[6, 6, 0]],
    );
    assert.equal(report.recallAboveGoalSize, 1);
    assert.match(renderDetectionRecall(report), /40 %\s+6\s+6\s+100\.00 %/);
  });

  it('counts misses per size, below the goal apart, and says which they are', async () => {
    const onlyLarge: DetectFaces = async (image) =>
      (await findRed(image)).filter(({ heightPx }) => heightPx > 30);
    const report = await detectionRecall({ ...options, detectFaces: onlyLarge });
    assert.deepEqual(
      report.sizes.map(({ recall }) => recall),
      [0, 0, 1],
    );
    assert.equal(report.recallAboveGoalSize, 0.5);
    assert.equal(report.misses.length, 12);
    assert.equal(report.misses[0]?.name, 'portrait 0');
  });

  it('counts a box beside the face as a false face', async () => {
    const astray: Box = { xPx: -100, yPx: -100, widthPx: 10, heightPx: 10 };
    const report = await detectionRecall({ ...options, detectFaces: async () => [astray] });
    assert.ok(report.sizes.every(({ found, falseFaces }) => found === 0 && falseFaces === 6));
  });
});

describe('isOn', () => {
  const face: Box = { xPx: 10, yPx: 10, widthPx: 40, heightPx: 40 };
  it('asks for a near centre and a like size', () => {
    assert.ok(isOn({ xPx: 15, yPx: 12, widthPx: 36, heightPx: 36 }, face));
    assert.equal(isOn({ xPx: 35, yPx: 10, widthPx: 40, heightPx: 40 }, face), false);
    assert.equal(isOn({ xPx: 25, yPx: 25, widthPx: 10, heightPx: 10 }, face), false);
  });
});
