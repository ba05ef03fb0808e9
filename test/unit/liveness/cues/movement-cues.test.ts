import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EXPRESSION_CUES } from '../../../../src/liveness/cues/expression-cues.ts';
import { HEAD_MOTION_CUES } from '../../../../src/liveness/cues/head-motion-cues.ts';
import { keyFramesOf, type Posture } from '../../../helpers/synthetic-faces.ts';

function measured(name: string, postures: readonly Posture[]): number {
  const cue = [...EXPRESSION_CUES, ...HEAD_MOTION_CUES].find((one) => one.name === name);
  const value = cue?.measure(keyFramesOf('head', postures));
  assert.ok(value !== undefined, `${name} is missing`);
  return value;
}

const STILL: readonly Posture[] = [{}, {}, {}, {}];
const moving = (change: (step: number) => Posture): readonly Posture[] =>
  [0, 1, 2, 1].map((step) => change(step));

describe('the movement cues', () => {
  const rows: readonly (readonly [string, readonly Posture[]])[] = [
    ['left-eye-variation', moving((step) => ({ eyeRatio: 0.3 - 0.1 * step }))],
    ['right-eye-variation', moving((step) => ({ eyeRatio: 0.3 - 0.1 * step }))],
    ['mouth-opening-variation', moving((step) => ({ mouthGap: 0.1 * step }))],
    ['yaw-variation', moving((step) => ({ yawDeg: 6 * step }))],
    ['pitch-variation', moving((step) => ({ pitchDeg: 6 * step }))],
    ['shift', moving((step) => ({ centreXPx: 160 + 10 * step }))],
    ['farthest-shift', moving((step) => ({ centreYPx: 120 + 10 * step }))],
    ['size-change', moving((step) => ({ heightPx: 160 + 10 * step }))],
    ['largest-size-change', moving((step) => ({ heightPx: 160 + 10 * step }))],
  ];
  for (const [name, postures] of rows) {
    it(`let ${name} grow by e at least when it happens`, () => {
      assert.ok(measured(name, postures) > measured(name, STILL) + 1);
    });
  }

  it('do not ask how a face is held still: a picture of an open mouth is as good as one of a shut', () => {
    const open = STILL.map((): Posture => ({ mouthGap: 0.2 }));
    for (const { name } of EXPRESSION_CUES) {
      assert.ok(Math.abs(measured(name, open) - measured(name, STILL)) < 1e-6, name);
    }
  });

  it('keep the farthest shift of a face that came back', () => {
    const away = moving((step) => ({ centreXPx: 160 + 20 * step }));
    const back = [...away, {}];
    assert.ok(measured('farthest-shift', back) >= measured('farthest-shift', away) - 1e-9);
  });

  it('read a roll that goes with the whole face', () => {
    const cue = HEAD_MOTION_CUES.find(({ name }) => name === 'roll-variation');
    const frames = keyFramesOf('head', STILL);
    const tilted = frames.map((frame, index) => ({
      ...frame,
      shape: { ...frame.shape, roll: 0.05 * index },
    }));
    assert.ok((cue?.measure(tilted) ?? 0) > (cue?.measure(frames) ?? 0) + 1);
  });
});
