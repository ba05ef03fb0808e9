import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLANARITY_CUES } from '../../../../src/liveness/cues/planarity-cues.ts';
import { keyFramesOf, type Posture, type Presentation } from '../../../helpers/synthetic-faces.ts';

const TURNING: readonly Posture[] = [0, 8, 16, 8, 0, -10].map((yawDeg) => ({ yawDeg }));

function cueOf(name: string, presentation: Presentation, postures = TURNING): number {
  const cue = PLANARITY_CUES.find((candidate) => candidate.name === name);
  const value = cue?.measure(keyFramesOf(presentation, postures));
  assert.ok(value !== undefined, `${name} is missing`);
  return value;
}

describe('the planarity cues', () => {
  it('leave far more of a turning head than of a turning picture, in every feature that is deep', () => {
    for (const feature of ['outline', 'nose', 'skin', 'mouth']) {
      const head = cueOf(`unflat-${feature}`, 'head');
      const picture = cueOf(`unflat-${feature}`, 'flat-picture');
      assert.ok(head - picture > Math.log(10), `${feature}: ${head} against ${picture}`);
    }
  });

  it('find that a homography explains a picture and not a head', () => {
    assert.ok(cueOf('unflat-share', 'flat-picture') < Math.log(0.05));
    assert.ok(cueOf('unflat-share', 'head') > Math.log(0.2));
  });

  it('allow a picture to be bent', () => {
    assert.ok(cueOf('unbent-share', 'bent-picture') < cueOf('unflat-share', 'bent-picture'));
    assert.ok(cueOf('unbent-share', 'bent-picture') < Math.log(0.1));
    assert.ok(cueOf('unbent-share', 'head') > cueOf('unbent-share', 'bent-picture') + 1);
  });

  it('see a blink as what a flat thing cannot do', () => {
    const blinking = [0.3, 0.3, 0.1, 0.3].map((eyeRatio) => ({ eyeRatio }));
    const staring = [0.3, 0.3, 0.3, 0.3].map((eyeRatio) => ({ eyeRatio }));
    assert.ok(
      cueOf('unflat-eyes-peak', 'head', blinking) > cueOf('unflat-eyes-peak', 'head', staring) + 1,
    );
  });

  it('do not depend on how near the face is', () => {
    const near = TURNING.map((posture) => ({ ...posture, heightPx: 240 }));
    for (const { name } of PLANARITY_CUES) {
      assert.ok(Math.abs(cueOf(name, 'head') - cueOf(name, 'head', near)) < 0.05, name);
    }
  });

  it('are missing while nothing can have moved', () => {
    const [only] = keyFramesOf('head', [{}]);
    assert.ok(only !== undefined);
    for (const cue of PLANARITY_CUES) assert.equal(cue.measure([only]), undefined);
  });
});
