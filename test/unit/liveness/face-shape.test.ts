import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faceShape } from '../../../src/liveness/face-shape.ts';
import { type Posture, presentedMesh } from '../../helpers/synthetic-faces.ts';

function shapeOf(posture: Posture) {
  const mesh = presentedMesh('head', posture);
  return faceShape(
    mesh.slice().reduce((points, value, index) => {
      if (index % 3 < 2) points[2 * Math.floor(index / 3) + (index % 3)] = value;
      return points;
    }, new Float64Array(936)) as Float64Array,
  );
}

describe('faceShape', () => {
  it('reads the eyes as open as they were drawn', () => {
    const { leftEyeRatio, rightEyeRatio } = shapeOf({ eyeRatio: 0.25 });
    assert.ok(Math.abs(leftEyeRatio - 0.25) < 0.02 && Math.abs(rightEyeRatio - 0.25) < 0.02);
  });

  it('calls a turn of the nose to the right of the picture positive, and no turn zero', () => {
    assert.ok(Math.abs(shapeOf({}).yaw) < 0.01);
    assert.ok(shapeOf({ yawDeg: 15 }).yaw > 0.1);
    assert.ok(shapeOf({ yawDeg: -15 }).yaw < -0.1);
  });

  it('does not change with place and size', () => {
    const here = shapeOf({ yawDeg: 10 });
    const there = shapeOf({ yawDeg: 10, centreXPx: 60, centreYPx: 90, heightPx: 320 });
    assert.ok(Math.abs(there.interEyePx / here.interEyePx - 2) < 1e-3);
    for (const name of ['yaw', 'pitch', 'roll', 'mouthOpening', 'mouthWidth'] as const) {
      assert.ok(Math.abs(here[name] - there[name]) < 1e-3, name);
    }
  });

  it('says NaN for a mesh that is none', () => {
    assert.ok(Number.isNaN(faceShape(new Float64Array(936)).yaw));
  });
});
