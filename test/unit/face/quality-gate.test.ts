import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { QualityFault } from '../../../src/domain/quality.ts';
import { ALIGNED_SIDE_PX } from '../../../src/face/align.ts';
import { assessQuality, type QualityInput } from '../../../src/face/quality-gate.ts';
import { DOOR_QUALITY } from '../../../src/face/quality-limits.ts';
import { aMesh } from '../../helpers/faces.ts';

const frame = { widthPx: 640, heightPx: 480 };
const centre = { xPx: 320, yPx: 240 };

/** A crisp, well lit aligned face: stripes of the given mean and amplitude. */
function stripes(mean: number, amplitude: number) {
  const data = Float32Array.from({ length: ALIGNED_SIDE_PX ** 2 }, (_value, at) =>
    at % 4 < 2 ? mean - amplitude : mean + amplitude,
  );
  return { data, widthPx: ALIGNED_SIDE_PX, heightPx: ALIGNED_SIDE_PX };
}

/** The same light without an edge in it. */
function haze(mean: number, amplitude: number) {
  const data = Float32Array.from(
    { length: ALIGNED_SIDE_PX ** 2 },
    (_value, at) => mean + amplitude * Math.sin((at % ALIGNED_SIDE_PX) / 18),
  );
  return { data, widthPx: ALIGNED_SIDE_PX, heightPx: ALIGNED_SIDE_PX };
}

const perfect: QualityInput = {
  frame,
  box: { xPx: 220, yPx: 140, widthPx: 200, heightPx: 200 },
  mesh: aMesh({ centre, heightPx: 200 }),
  pose: { yawDeg: 0, pitchDeg: 0, rollDeg: 0 },
  interEyePx: 70,
  aligned: stripes(128, 40),
};

const box = (heightPx: number) => ({ ...perfect.box, heightPx });
const pose = (part: Partial<QualityInput['pose']>) => ({ ...perfect.pose, ...part });

const ONE_FAULT_EACH: readonly (readonly [QualityFault, Partial<QualityInput>])[] = [
  ['cut-off', { mesh: aMesh({ centre: { xPx: 10, yPx: 240 }, heightPx: 200 }) }],
  ['too-far', { box: box(40) }],
  ['too-far', { interEyePx: 10 }],
  ['too-close', { box: box(470) }],
  ['too-dark', { aligned: stripes(30, 25) }],
  ['too-bright', { aligned: stripes(235, 20) }],
  ['turned-away', { pose: pose({ yawDeg: -50 }) }],
  ['turned-away', { pose: pose({ yawDeg: 50 }) }],
  ['turned-away', { pose: pose({ pitchDeg: 45 }) }],
  ['turned-away', { pose: pose({ yawDeg: Number.NaN }) }],
  ['tilted', { pose: pose({ rollDeg: -50 }) }],
  ['occluded', { mesh: aMesh({ centre, heightPx: 200, confidence: 0.2 }) }],
  ['blurred', { aligned: haze(128, 40) }],
  ['blurred', { aligned: stripes(128, 8) }],
];

describe('assessQuality', () => {
  it('accepts a near, sharp, well lit, frontal face', () => {
    assert.equal(assessQuality(perfect, DOOR_QUALITY).outcome, 'acceptable');
  });

  for (const [fault, change] of ONE_FAULT_EACH) {
    it(`names ${fault} when that alone is wrong (${Object.keys(change).join()})`, () => {
      const quality = assessQuality({ ...perfect, ...change }, DOOR_QUALITY);
      assert.deepEqual(quality.outcome === 'refused' && quality.faults, [fault]);
    });
  }

  it('names every fault in the order in which advice is given', () => {
    const quality = assessQuality(
      { ...perfect, box: box(40), pose: pose({ yawDeg: 60 }), aligned: stripes(20, 0) },
      DOOR_QUALITY,
    );
    assert.deepEqual(quality.outcome === 'refused' && quality.faults, [
      'too-far',
      'too-dark',
      'turned-away',
      'blurred',
    ]);
  });

  it('reports what it measured', () => {
    const { metrics } = assessQuality(perfect, DOOR_QUALITY);
    assert.ok(Math.abs(metrics.sizeRatio - 200 / 480) < 1e-9);
    assert.ok(Math.abs(metrics.brightness - 128) < 1e-3);
    assert.ok(Math.abs(metrics.contrast - 40) < 1e-2);
  });
});
