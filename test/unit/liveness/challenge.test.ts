import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CHALLENGE_ACTIONS,
  type ChallengeAction,
  type ChallengeReport,
} from '../../../src/domain/challenge.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { Challenge } from '../../../src/liveness/challenge.ts';
import {
  aLivenessSample,
  type Posture,
  type Presentation,
  presentedMesh,
} from '../../helpers/synthetic-faces.ts';

const FRAME_MS = 66;
const STRAIGHT: Posture = {};

/** Frames in which one thing is done, starting and ending straight. */
const DOING: Readonly<Record<ChallengeAction, readonly Posture[]>> = {
  blink: [STRAIGHT, STRAIGHT, { eyeRatio: 0.1 }, { eyeRatio: 0.1 }, STRAIGHT],
  'turn-left': [0, 8, 16, 24, 30, 24, 16, 8, 0].map((yawDeg) => ({ yawDeg })),
  'turn-right': [0, -8, -16, -24, -30, -24, -16, -8, 0].map((yawDeg) => ({ yawDeg })),
  'come-closer': [160, 175, 190, 205, 215].map((heightPx) => ({ heightPx })),
};
const LOOKING: readonly Posture[] = [STRAIGHT, STRAIGHT, STRAIGHT, STRAIGHT];

const asking = (actions: readonly ChallengeAction[]): Challenge =>
  new Challenge({ orderId: 1, trackId: 1, actions }, monotonicMs(0));

/** What a challenge says after somebody looked straight ahead and then did these things. */
function answer(
  asked: readonly ChallengeAction[],
  done: readonly Posture[],
  presentation: Presentation = 'head',
): ChallengeReport {
  const challenge = asking(asked);
  for (const [index, posture] of [...LOOKING, ...done].entries()) {
    challenge.observe(
      aLivenessSample(index * FRAME_MS, presentedMesh(presentation, posture)),
      true,
    );
  }
  return challenge.report;
}

const SOME = ['turn-left', 'blink', 'turn-right'] as const;
const PASSED = { orderId: 1, phase: 'passed' };
const WRONG_WAY = { orderId: 1, phase: 'failed', why: 'wrong-way' };

describe('Challenge', () => {
  it('asks one thing after the other, in order, and is passed by who does them all', () => {
    const orders: readonly (readonly ChallengeAction[])[] = [
      SOME,
      ['come-closer', 'turn-right', 'blink'],
      ['turn-right', 'turn-left', 'turn-right'],
    ];
    for (const asked of orders) {
      const postures: Posture[] = [];
      for (const [done, action] of asked.entries()) {
        const report = answer(asked, postures);
        assert.deepEqual(report, { orderId: 1, phase: 'asking', action, done, total: 3 });
        postures.push(...DOING[action]);
      }
      assert.deepEqual(answer(asked, postures), PASSED);
    }
  });

  it('goes on asking somebody who does nothing', () => {
    for (const action of CHALLENGE_ACTIONS) {
      const report = answer([action, ...SOME], LOOKING);
      assert.ok(report.phase === 'asking' && report.action === action && report.done === 0);
    }
  });

  it('does not count what was done before it was asked for', () => {
    const report = answer(
      ['turn-left', 'blink', 'come-closer'],
      [...DOING.blink, ...DOING['turn-left']],
    );
    assert.ok(report.phase === 'asking' && report.action === 'blink');
  });

  it('fails somebody who turns the other way, for good', () => {
    assert.deepEqual(answer(SOME, [...DOING['turn-right'], ...DOING['turn-left']]), WRONG_WAY);
  });

  it('fails a turn that was not asked for: a recording that turns all the time answers nothing', () => {
    for (const first of ['blink', 'come-closer'] as const) {
      assert.deepEqual(answer([first, 'turn-left', 'turn-right'], DOING['turn-left']), WRONG_WAY);
    }
  });

  it('does not take the way back from one turn for a turn the other way', () => {
    const report = answer(['turn-left', 'turn-right', 'blink'], DOING['turn-left']);
    assert.ok(report.phase === 'asking' && report.action === 'turn-right');
  });

  it('is not passed by a picture that is turned or bent, and then blinks and comes closer', () => {
    for (const presentation of ['flat-picture', 'bent-picture'] as const) {
      for (const side of ['turn-left', 'turn-right'] as const) {
        const postures = [...DOING[side], ...DOING.blink, ...DOING['come-closer']];
        const report = answer([side, 'blink', 'come-closer'], postures, presentation);
        assert.notEqual(report.phase, 'passed', presentation);
      }
    }
  });

  it('fails when time is up', () => {
    const challenge = asking(SOME);
    for (let atMs = 0; atMs <= 5_000; atMs += 500) {
      challenge.observe(aLivenessSample(atMs, presentedMesh('head')), true);
    }
    assert.equal(challenge.report.phase, 'asking');
    challenge.observe(aLivenessSample(5_001, presentedMesh('head')), true);
    assert.deepEqual(challenge.report, { orderId: 1, phase: 'failed', why: 'too-late' });
  });

  it('starts an action only from a face that was recognised: nobody answers for another', () => {
    const challenge = asking(SOME);
    for (const [index, posture] of [...LOOKING, ...DOING['turn-left']].entries()) {
      challenge.observe(aLivenessSample(index * FRAME_MS, presentedMesh('head', posture)), false);
    }
    const { report } = challenge;
    assert.ok(report.phase === 'asking' && report.done === 0);
  });

  it('has failed when it would prove too little', () => {
    const tooLittle: readonly (readonly ChallengeAction[])[] = [
      [],
      ['turn-left', 'blink'],
      ['blink', 'come-closer', 'blink'],
    ];
    for (const actions of tooLittle) {
      assert.deepEqual(asking(actions).report, { orderId: 1, phase: 'failed', why: 'unfit' });
    }
  });

  it('is not moved by a mesh that is none', () => {
    const challenge = asking(SOME);
    const none = presentedMesh('head').map(() => Number.NaN);
    challenge.observe(aLivenessSample(0, none), true);
    assert.equal(challenge.report.phase, 'asking');
    assert.equal(challenge.isStraight, false);
  });
});
