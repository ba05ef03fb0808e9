import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TrackEvidence } from '../../../src/decision/track-evidence.ts';
import type { Observation } from '../../../src/domain/observation.ts';
import { similarity } from '../../../src/domain/units.ts';
import { METRICS, MODEL_ID } from '../../helpers/decision-builders.ts';
import { aFrameOf, aProbe, aSubject, atAngle } from '../../helpers/observation-builders.ts';

const evidence = (capacity = 3): TrackEvidence =>
  new TrackEvidence({
    modelId: MODEL_ID,
    dimension: 2,
    policy: { capacity, windowMs: 1_000, maxGapMs: 300, agreementFmr: 1e-3 },
    agreement: similarity(0.5),
  });

const seen = (atMs: number, degrees: number, trackId = 7, yawDeg = 0): Observation =>
  aFrameOf(
    atMs,
    aSubject({
      trackId,
      probes: [aProbe(atAngle(degrees))],
      quality: { outcome: 'acceptable', metrics: { ...METRICS, yawDeg } },
    }),
  );

const fusedAngle = (track: TrackEvidence): number => {
  const [x, y] = track.fusedProbe()?.embedding ?? [];
  return Math.round((Math.atan2(y ?? Number.NaN, x ?? Number.NaN) * 180) / Math.PI);
};

describe('track evidence', () => {
  it('holds nothing at first', () => {
    assert.equal(evidence().summary(), undefined);
    assert.equal(evidence().fusedProbe(), undefined);
  });

  it('fuses the probes of one face into the direction between them', () => {
    const track = evidence();
    assert.equal(track.observe(seen(0, 10)), undefined);
    assert.equal(track.observe(seen(100, 30)), undefined);
    assert.equal(fusedAngle(track), 20);
    const summary = track.summary();
    assert.ok(summary !== undefined);
    const { weakestPair, ...rest } = summary;
    assert.ok(Math.abs(weakestPair - Math.cos(Math.PI / 9)) < 1e-6);
    assert.deepEqual(rest, {
      trackId: 7,
      modelId: MODEL_ID,
      goodFrames: 2,
      oldestAtMs: 0,
      newestAtMs: 100,
    });
    assert.equal(track.fusedProbe()?.capturedAtMs, 100);
  });

  it('begins again on another track', () => {
    const track = evidence();
    track.observe(seen(0, 10));
    assert.equal(track.observe(seen(100, 30, 8)), 'other-track');
    assert.equal(track.summary()?.goodFrames, 1);
    assert.equal(fusedAngle(track), 30);
  });

  it('begins again after a gap, and when time runs backwards or is no number', () => {
    for (const atMs of [401, 99, Number.NaN]) {
      const track = evidence();
      track.observe(seen(100, 10));
      assert.equal(track.observe(seen(atMs, 10)), 'time-gap');
      assert.equal(track.summary()?.goodFrames, 1);
    }
  });

  it('survives frames without a subject that are no gap', () => {
    const track = evidence();
    track.observe(seen(0, 10));
    assert.equal(track.observe(aFrameOf(100, undefined)), undefined);
    track.observe(seen(200, 10));
    assert.equal(track.summary()?.goodFrames, 2);
  });

  it('forgets all while a rival stands beside the subject, and takes nothing in', () => {
    const track = evidence();
    track.observe(seen(0, 10));
    assert.equal(track.observe({ ...seen(100, 10), hasRival: true }), 'rival');
    assert.equal(track.summary(), undefined);
  });

  it('begins again with the newest when a probe is not the same person as every one before', () => {
    const track = evidence();
    track.observe(seen(0, 0));
    track.observe(seen(100, 50));
    assert.equal(track.observe(seen(200, 100)), 'disagreement');
    assert.equal(track.summary()?.goodFrames, 1);
    assert.equal(fusedAngle(track), 100);
  });

  it('lets probes older than the window go', () => {
    const track = evidence(10);
    for (let atMs = 0; atMs <= 1_200; atMs += 200) track.observe(seen(atMs, 0));
    assert.equal(track.summary()?.oldestAtMs, 200);
  });

  it('keeps the newest and the most frontal when it is full', () => {
    const track = evidence();
    track.observe(seen(0, 0, 7, 5));
    track.observe(seen(100, 20, 7, 40));
    track.observe(seen(200, 0, 7, 5));
    track.observe(seen(300, 0, 7, 30));
    assert.equal(track.summary()?.goodFrames, 3);
    assert.equal(fusedAngle(track), 0, 'the one turned by 40 degrees gave way');
    track.observe(seen(400, 40, 7, 60));
    assert.equal(track.summary()?.newestAtMs, 400, 'the newest entered though turned away most');
  });

  it('takes no refused frame, other encoder, other length, or vector that is not of length one', () => {
    const track = evidence();
    const unusable = [
      aSubject({ quality: { outcome: 'refused', faults: ['blurred'], metrics: METRICS } }),
      aSubject({ probes: [] }),
      aSubject({ probes: [aProbe(atAngle(0), 'face-128')] }),
      aSubject({ probes: [aProbe(Float32Array.of(1, 0, 0))] }),
      aSubject({ probes: [aProbe(Float32Array.of(0.9, 0))] }),
      aSubject({ probes: [aProbe(Float32Array.of(Number.NaN, 1))] }),
      aSubject({
        probes: [aProbe(atAngle(0))],
        quality: { outcome: 'acceptable', metrics: { ...METRICS, yawDeg: Number.NaN } },
      }),
    ];
    for (const [index, subject] of unusable.entries()) {
      assert.equal(track.observe(aFrameOf(index * 10, subject)), undefined);
      assert.equal(track.summary(), undefined, `frame ${index}`);
    }
  });
});
