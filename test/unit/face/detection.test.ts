import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ANCHOR_COUNT, blazeFaceAnchors } from '../../../src/face/anchors.ts';
import { overlapOf } from '../../../src/face/box-geometry.ts';
import { BOX_VALUES, decodeDetections } from '../../../src/face/decode-detections.ts';
import { mergeDetections } from '../../../src/face/merge-detections.ts';
import { IDENTITY_TRANSFORM } from '../../../src/numeric/similarity-transform.ts';
import { aFace } from '../../helpers/faces.ts';

describe('blazeFaceAnchors', () => {
  const anchors = blazeFaceAnchors();
  const anchor = (index: number) => [anchors[index * 2], anchors[index * 2 + 1]];

  it('begins with two anchors in each cell of the fine map', () => {
    assert.equal(anchors.length, ANCHOR_COUNT * 2);
    assert.deepEqual(anchor(0), [1 / 32, 1 / 32]);
    assert.deepEqual(anchor(1), [1 / 32, 1 / 32]);
    assert.deepEqual(anchor(2), [3 / 32, 1 / 32]);
    assert.deepEqual(anchor(32), [1 / 32, 3 / 32]);
    assert.deepEqual(anchor(511), [31 / 32, 31 / 32]);
  });

  it('goes on with six in each cell of the coarse map', () => {
    assert.deepEqual(anchor(512), [1 / 16, 1 / 16]);
    assert.deepEqual(anchor(517), [1 / 16, 1 / 16]);
    assert.deepEqual(anchor(518), [3 / 16, 1 / 16]);
    assert.deepEqual(anchor(895), [15 / 16, 15 / 16]);
  });
});

describe('decodeDetections', () => {
  const rawWith = (index: number, logit: number, values: readonly number[]) => {
    const logits = new Float32Array(ANCHOR_COUNT).fill(-20);
    const boxes = new Float32Array(ANCHOR_COUNT * BOX_VALUES);
    logits[index] = logit;
    boxes.set(values, index * BOX_VALUES);
    return { logits, boxes, anchors: blazeFaceAnchors(), inputSidePx: 256 };
  };
  const values = [4, -2, 40, 50, -8, -9, 8, -9, 0, 1, 0, 9, -20, 0, 20, 0];

  it('adds offsets to the centre of the anchor, in pixels of the input', () => {
    // Anchor 0 stands at (8, 8).
    const [face, ...others] = decodeDetections(rawWith(0, 2, values), IDENTITY_TRANSFORM, 0.5);
    assert.equal(others.length, 0);
    assert.deepEqual(face?.box, { xPx: 12 - 20, yPx: 6 - 25, widthPx: 40, heightPx: 50 });
    assert.deepEqual(face?.keypoints[0], { xPx: 0, yPx: -1 });
    assert.deepEqual(face?.keypoints[5], { xPx: 28, yPx: 8 });
    assert.ok(Math.abs((face?.confidence ?? 0) - 1 / (1 + Math.exp(-2))) < 1e-6);
  });

  it('maps into the frame', () => {
    const toFrame = { a: 2.5, b: 0, dx: 0, dy: -80 };
    const [face] = decodeDetections(rawWith(0, 2, values), toFrame, 0.5);
    assert.deepEqual(face?.box, { xPx: 30 - 50, yPx: 15 - 80 - 62.5, widthPx: 100, heightPx: 125 });
    assert.deepEqual(face?.keypoints[2], { xPx: 20, yPx: 22.5 - 80 });
  });

  it('drops what is below the threshold, and what is not a number', () => {
    assert.equal(decodeDetections(rawWith(7, 0.1, values), IDENTITY_TRANSFORM, 0.6).length, 0);
    const broken = decodeDetections(rawWith(7, Number.NaN, values), IDENTITY_TRANSFORM, 0.6);
    assert.equal(broken.length, 0);
    assert.equal(decodeDetections(rawWith(7, 0.5, values), IDENTITY_TRANSFORM, 0.6).length, 1);
  });
});

describe('overlapOf', () => {
  const box = (xPx: number, widthPx: number) => ({ xPx, yPx: 0, widthPx, heightPx: 10 });

  it('is the shared area over the joint one', () => {
    assert.equal(overlapOf(box(0, 10), box(0, 10)), 1);
    assert.equal(overlapOf(box(0, 10), box(5, 10)), 1 / 3);
    assert.equal(overlapOf(box(0, 10), box(10, 10)), 0);
    assert.equal(overlapOf(box(0, 0), box(0, 0)), 0);
  });
});

describe('mergeDetections', () => {
  const centre = { xPx: 100, yPx: 100 };

  it('blends overlapping candidates by confidence and keeps the highest confidence', () => {
    const merged = mergeDetections(
      [
        aFace({ centre, sidePx: 80, confidence: 0.9 }),
        aFace({ centre: { xPx: 112, yPx: 100 }, sidePx: 80, confidence: 0.6 }),
      ],
      0.3,
    );
    assert.equal(merged.length, 1);
    assert.equal(merged[0]?.confidence, 0.9);
    // (60 * 0.9 + 72 * 0.6) / 1.5
    assert.ok(Math.abs((merged[0]?.box.xPx ?? 0) - 64.8) < 1e-9);
  });

  it('keeps people who stand apart, the most confident first', () => {
    const merged = mergeDetections(
      [
        aFace({ centre, sidePx: 80, confidence: 0.6 }),
        aFace({ centre: { xPx: 300, yPx: 100 }, sidePx: 80, confidence: 0.8 }),
      ],
      0.3,
    );
    assert.deepEqual(
      merged.map((face) => face.confidence),
      [0.8, 0.6],
    );
  });

  it('finds nobody in an empty frame', () => {
    assert.deepEqual(mergeDetections([], 0.3), []);
  });
});
