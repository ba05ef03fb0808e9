import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ALIGNED_LANDMARKS, alignedToFrame, interEyeDistance } from '../../../src/face/align.ts';
import { meshBounds, meshCropOfFace, meshCropOfMesh } from '../../../src/face/mesh-crop.ts';
import { fiveLandmarks } from '../../../src/face/mesh-landmarks.ts';
import {
  invertTransform,
  scaleOf,
  transformPoint,
} from '../../../src/numeric/similarity-transform.ts';
import { aFace, aMesh } from '../../helpers/faces.ts';

const centre = { xPx: 300, yPx: 200 };

function assertNear(actual: number, expected: number, tolerance = 1e-3): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} instead of ${expected}`);
}

describe('meshCropOfFace', () => {
  it('is one and a half times the box, centred on it', () => {
    const crop = meshCropOfFace(aFace({ centre, sidePx: 100 }), 192);
    assertNear(scaleOf(crop) * 192, 150);
    const middle = transformPoint(crop, { xPx: 96, yPx: 96 });
    assertNear(middle.xPx, centre.xPx);
    assertNear(middle.yPx, centre.yPx);
  });

  it('turns with the eyes, so that they lie level in the crop', () => {
    const face = aFace({ centre, sidePx: 100 });
    const [right, left, ...others] = face.keypoints;
    const tilted = {
      ...face,
      keypoints: [right, { ...left, yPx: left.yPx + 25 }, ...others],
    } as const;
    const toCrop = invertTransform(meshCropOfFace(tilted, 192));
    const [rightEye, leftEye] = tilted.keypoints;
    assertNear(transformPoint(toCrop, rightEye).yPx, transformPoint(toCrop, leftEye).yPx);
    assert.ok(transformPoint(toCrop, rightEye).xPx < transformPoint(toCrop, leftEye).xPx);
  });
});

describe('meshCropOfMesh', () => {
  it('follows a mesh that has moved, grown and tilted', () => {
    const mesh = aMesh({ centre, heightPx: 160, pose: { rollDeg: 20 } });
    const crop = meshCropOfMesh(mesh, 192);
    const bounds = meshBounds(mesh);
    assertNear(scaleOf(crop) * 192, Math.max(bounds.widthPx, bounds.heightPx) * 1.5);
    const toCrop = invertTransform(crop);
    const [left, right] = fiveLandmarks(mesh);
    assertNear(transformPoint(toCrop, left).yPx, transformPoint(toCrop, right).yPx);
  });
});

describe('alignedToFrame', () => {
  it('maps the template onto landmarks that are a moved copy of it', () => {
    const pose = { a: 1.3, b: 0.4, dx: 50, dy: 70 };
    const [leftEye, rightEye, nose, leftMouth, rightMouth] = ALIGNED_LANDMARKS;
    const moved = [
      transformPoint(pose, leftEye),
      transformPoint(pose, rightEye),
      transformPoint(pose, nose),
      transformPoint(pose, leftMouth),
      transformPoint(pose, rightMouth),
    ] as const;
    const found = alignedToFrame(moved);
    for (const key of ['a', 'b', 'dx', 'dy'] as const) assertNear(found[key], pose[key], 1e-6);
    assertNear(interEyeDistance(moved), scaleOf(pose) * interEyeDistance(ALIGNED_LANDMARKS), 1e-6);
  });
});
