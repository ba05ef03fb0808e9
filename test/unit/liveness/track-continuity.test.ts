import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CONTINUITY_LIMITS, TrackContinuity } from '../../../src/liveness/track-continuity.ts';
import { aLivenessSample, type Posture, presentedMesh } from '../../helpers/synthetic-faces.ts';

function continues(next: Posture, atMs = 100, trackId = 1): boolean {
  const continuity = new TrackContinuity(CONTINUITY_LIMITS);
  continuity.continues(aLivenessSample(0, presentedMesh('head')));
  return continuity.continues(aLivenessSample(atMs, presentedMesh('head', next), { trackId }));
}

describe('TrackContinuity', () => {
  it('goes on with a face that moves as faces do', () => {
    assert.equal(continues({ yawDeg: 8, centreXPx: 165, heightPx: 168, eyeRatio: 0.1 }), true);
  });

  it('breaks where something was slid in', () => {
    assert.equal(continues({ centreXPx: 220 }), false, 'place');
    assert.equal(continues({ heightPx: 300 }), false, 'size');
    assert.equal(continues({ yawDeg: 40 }), false, 'shape');
  });

  it('breaks at another track, at a gap, and when time runs backwards', () => {
    assert.equal(continues({}, 100, 2), false);
    assert.equal(continues({}, 1_501), false);
    assert.equal(continues({}, -1), false);
  });

  it('breaks at a mesh that is none, and does not go on from it', () => {
    const continuity = new TrackContinuity(CONTINUITY_LIMITS);
    const face = presentedMesh('head');
    continuity.continues(aLivenessSample(0, face));
    const none = face.map(() => Number.NaN);
    assert.equal(continuity.continues(aLivenessSample(100, none)), false);
    assert.equal(continuity.continues(aLivenessSample(200, face)), false);
    assert.equal(continuity.continues(aLivenessSample(300, face)), true);
  });
});
