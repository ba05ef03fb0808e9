import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monotonicMs } from '../../../src/domain/units.ts';
import { KeyFrameSampler } from '../../../src/liveness/key-frame-sampler.ts';
import { aLivenessSample, LIFELESS, LIVELY, presentedMesh } from '../../helpers/synthetic-faces.ts';

const MESH = presentedMesh('head');

/** Times of the key frames of a camera that gives a frame each `periodMs` for four seconds. */
function keyFrameTimes(periodMs: number): readonly number[] {
  const sampler = new KeyFrameSampler(750);
  const times: number[] = [];
  for (let atMs = 0; atMs <= 4_000; atMs += periodMs) {
    const keyFrame = sampler.take(aLivenessSample(atMs, MESH));
    if (keyFrame !== undefined) times.push(keyFrame.capturedAtMs);
  }
  return times;
}

describe('KeyFrameSampler', () => {
  it('takes as many key frames from a fast camera as from a slow one', () => {
    assert.equal(keyFrameTimes(66).length, 6);
    assert.equal(keyFrameTimes(100).length, 6);
    assert.equal(keyFrameTimes(500).length, 6);
  });

  it('keeps to the grid, so that late frames do not stretch the mean cadence', () => {
    const times = keyFrameTimes(500);
    assert.deepEqual(times, [0, 1_000, 1_500, 2_500, 3_000, 4_000]);
  });

  it('averages the passive scores of the frames between', () => {
    const sampler = new KeyFrameSampler(750);
    sampler.take(aLivenessSample(0, MESH, { passive: LIVELY }));
    sampler.take(aLivenessSample(300, MESH, { passive: LIVELY }));
    sampler.take(aLivenessSample(600, MESH, { passive: LIFELESS }));
    const keyFrame = sampler.take(aLivenessSample(760, MESH, { passive: undefined }));
    const wide = keyFrame?.passive?.wideBonaFide ?? Number.NaN;
    assert.ok(Math.abs(wide - (Math.log(0.97 / 0.03) + Math.log(0.01 / 0.99)) / 2) < 1e-9);
  });

  it('says when the passive networks are wanted', () => {
    const sampler = new KeyFrameSampler(750);
    assert.equal(sampler.isDue(monotonicMs(0)), true);
    sampler.take(aLivenessSample(0, MESH));
    assert.equal(sampler.isDue(monotonicMs(749)), false);
    assert.equal(sampler.isDue(monotonicMs(750)), true);
  });

  it('makes no key frame of a mesh that is no face, and goes on with the next', () => {
    const sampler = new KeyFrameSampler(750);
    assert.equal(sampler.take(aLivenessSample(0, new Float32Array(MESH.length))), undefined);
    assert.equal(
      sampler.take(
        aLivenessSample(
          1,
          MESH.map(() => Number.NaN),
        ),
      ),
      undefined,
    );
    assert.ok(sampler.take(aLivenessSample(2, MESH)) !== undefined);
  });

  it('forgets all on reset', () => {
    const sampler = new KeyFrameSampler(750);
    sampler.take(aLivenessSample(0, MESH, { passive: LIFELESS }));
    sampler.take(aLivenessSample(100, MESH, { passive: LIFELESS }));
    sampler.reset();
    const fresh = sampler.take(aLivenessSample(200, MESH, { passive: undefined }));
    assert.equal(fresh?.passive, undefined);
    assert.equal(fresh?.motion, undefined);
  });
});
