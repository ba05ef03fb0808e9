import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HeadPose } from '../../../src/domain/face.ts';
import { headPose } from '../../../src/face/head-pose.ts';
import { fiveLandmarks } from '../../../src/face/mesh-landmarks.ts';
import { aMesh } from '../../helpers/faces.ts';

const centre = { xPx: 320, yPx: 240 };
const poseOf = (pose: Partial<HeadPose>): HeadPose =>
  headPose(aMesh({ centre, heightPx: 200, pose }));

function assertPose(actual: HeadPose, expected: HeadPose): void {
  for (const key of ['yawDeg', 'pitchDeg', 'rollDeg'] as const) {
    const apart = Math.abs(actual[key] - expected[key]);
    assert.ok(apart < 0.1, `${key}: ${actual[key]} instead of ${expected[key]}`);
  }
}

describe('headPose', () => {
  it('is zero for a head that looks straight into the camera', () => {
    assertPose(poseOf({}), { yawDeg: 0, pitchDeg: 0, rollDeg: 0 });
  });

  it('counts yaw to the right of the picture, where the nose then points', () => {
    const mesh = aMesh({ centre, heightPx: 200, pose: { yawDeg: 30 } });
    assert.ok(fiveLandmarks(mesh)[2].xPx > centre.xPx + 20);
    assertPose(headPose(mesh), { yawDeg: 30, pitchDeg: 0, rollDeg: 0 });
  });

  it('counts pitch downwards, where the nose then points', () => {
    const upright = fiveLandmarks(aMesh({ centre, heightPx: 200 }))[2];
    const mesh = aMesh({ centre, heightPx: 200, pose: { pitchDeg: 20 } });
    assert.ok(fiveLandmarks(mesh)[2].yPx > upright.yPx + 10);
    assertPose(headPose(mesh), { yawDeg: 0, pitchDeg: 20, rollDeg: 0 });
  });

  it('counts roll clockwise: the eye on the right of the picture sinks', () => {
    const mesh = aMesh({ centre, heightPx: 200, pose: { rollDeg: 25 } });
    const [left, right] = fiveLandmarks(mesh);
    assert.ok(right.yPx > left.yPx + 10);
    assertPose(headPose(mesh), { yawDeg: 0, pitchDeg: 0, rollDeg: 25 });
  });

  it('takes any combined attitude apart, wherever the face is and however large', () => {
    const angle = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ yawDeg: angle(75), pitchDeg: angle(50), rollDeg: angle(60) }),
        fc.double({ min: 30, max: 900, noNaN: true }),
        (pose, heightPx) => {
          const shifted = { xPx: heightPx, yPx: -heightPx };
          assertPose(headPose(aMesh({ centre: shifted, heightPx, pose })), pose);
        },
      ),
    );
  });
});
