import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  evaluateStability,
  exposed,
  isForLife,
} from '../../../src/evaluation/evaluate-stability.ts';
import {
  livenessFusionPath,
  readLivenessFusion,
} from '../../../src/inference/liveness-fusion-file.ts';
import type { PassiveScores } from '../../../src/liveness/liveness-sample.ts';
import { modelsDir } from '../../helpers/prepared-vision.ts';

const fusion = readLivenessFusion(livenessFusionPath(modelsDir));
const ALIVE: PassiveScores = {
  wide: [0.98, 0.01, 0.01],
  tight: [0.98, 0.01, 0.01],
  antispoof: 0.2,
};
const PRINT: PassiveScores = {
  wide: [0.01, 0.98, 0.01],
  tight: [0.01, 0.98, 0.01],
  antispoof: 0.9,
};
const picture = { rgb: Uint8Array.of(10, 100, 200), widthPx: 1, heightPx: 1 };
const box = { xPx: 100, yPx: 100, widthPx: 80, heightPx: 80 };
const given = { seed: 1 };

describe('evaluateStability', () => {
  it('tells life from a print by the passive networks alone', () => {
    assert.equal(isForLife(fusion, [ALIVE]), true);
    assert.equal(isForLife(fusion, [PRINT]), false);
  });

  it('counts no flip where the networks do not change their mind', async () => {
    const report = await evaluateStability([{ picture, box }], fusion, async () => ALIVE, given);
    assert.equal(report.jitterOfOneFrame.flips, 0);
    assert.equal(report.jitterOfOneFrame.trials, 6);
    assert.equal(report.jitterOfThree.trials, 2);
    assert.equal(report.exposure.trials, 4);
    assert.equal(report.exposureWithinOneStop.trials, 2);
  });

  it('counts a flip for every changed box and picture that is taken for something else', async () => {
    const report = await evaluateStability(
      [{ picture, box }],
      fusion,
      async (seen, seenBox) => (seen === picture && seenBox === box ? ALIVE : PRINT),
      given,
    );
    assert.equal(report.jitterOfOneFrame.rate, 1);
    assert.equal(report.jitterOfThree.rate, 1);
    assert.equal(report.exposure.rate, 1);
  });
});

describe('exposed', () => {
  it('multiplies light, not values, and cuts off what is too bright', () => {
    const brighter = exposed(picture, 1).rgb;
    assert.deepEqual([...brighter], [14, 137, 255]);
    assert.deepEqual([...exposed(picture, 0).rgb], [10, 100, 200]);
  });
});
