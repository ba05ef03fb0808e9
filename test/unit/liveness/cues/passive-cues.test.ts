import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PASSIVE_CUES } from '../../../../src/liveness/cues/passive-cues.ts';
import { logOdds, PassiveMean } from '../../../../src/liveness/passive-mean.ts';
import { keyFramesOf, LIFELESS, LIVELY } from '../../../helpers/synthetic-faces.ts';

const measured = (name: string, frames: Parameters<(typeof PASSIVE_CUES)[0]['measure']>[0]) =>
  PASSIVE_CUES.find((cue) => cue.name === name)?.measure(frames);

describe('the passive cues', () => {
  it('are the mean log-odds of the networks', () => {
    const frames = keyFramesOf('head', [{}, {}], LIVELY);
    assert.ok(
      Math.abs((measured('passive-wide-bona-fide', frames) ?? 0) - Math.log(0.97 / 0.03)) < 1e-9,
    );
    assert.ok((measured('passive-tight-second', keyFramesOf('head', [{}, {}], LIFELESS)) ?? 0) > 3);
  });

  it('are missing, not zero, when the networks did not run', () => {
    const frames = keyFramesOf('head', [{}, {}], undefined).map((frame) => ({
      ...frame,
      passive: undefined,
    }));
    for (const cue of PASSIVE_CUES) assert.equal(cue.measure(frames), undefined, cue.name);
  });

  it('lack only the second network where that one is not run', () => {
    const frames = keyFramesOf('head', [{}, {}], { wide: LIVELY.wide, tight: LIVELY.tight });
    assert.equal(measured('antispoof', frames), undefined);
    assert.ok(measured('passive-wide-bona-fide', frames) !== undefined);
  });

  it('grow with how much the antispoof score jumps about', () => {
    const steady = keyFramesOf('head', [{}, {}, {}], LIVELY);
    const jumping = steady.map((frame, index) => ({
      ...frame,
      passive:
        frame.passive === undefined
          ? undefined
          : { ...frame.passive, antispoof: index % 2 === 0 ? 2 : -2 },
    }));
    assert.equal(measured('antispoof-variation', steady), 0);
    assert.ok((measured('antispoof-variation', jumping) ?? 0) > 1);
  });
});

describe('PassiveMean', () => {
  it('averages the frames since it was last taken', () => {
    const mean = new PassiveMean();
    mean.add(LIVELY);
    mean.add(LIFELESS);
    const taken = mean.take();
    assert.ok(taken !== undefined);
    assert.ok(Math.abs(taken.wideBonaFide - (logOdds(0.97) + logOdds(0.01)) / 2) < 1e-9);
    assert.equal(mean.take(), undefined);
  });

  it('takes scores that are no numbers for no evidence', () => {
    const mean = new PassiveMean();
    mean.add({ wide: [Number.NaN, 0, 0], tight: [1, 0, 0] });
    assert.equal(mean.take(), undefined);
  });

  it('stays finite for a network that is sure of itself', () => {
    const mean = new PassiveMean();
    mean.add({ wide: [1, 0, 0], tight: [0, 1, 0], antispoof: 1 });
    assert.ok(Object.values(mean.take() ?? { none: Number.NaN }).every(Number.isFinite));
  });
});
