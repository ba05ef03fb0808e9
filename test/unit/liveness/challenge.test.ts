import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monotonicMs } from '../../../src/domain/units.ts';
import { afterChallenge, Challenge } from '../../../src/liveness/challenge.ts';
import {
  CHALLENGE_ACTIONS,
  type ChallengeAction,
  drawChallenge,
} from '../../../src/liveness/challenge-sequence.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
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

function answer(
  asked: readonly ChallengeAction[],
  done: readonly Posture[],
  presentation: Presentation = 'head',
) {
  const challenge = new Challenge(asked, monotonicMs(0));
  for (const [index, posture] of [...LOOKING, ...done].entries()) {
    challenge.observe(aLivenessSample(index * FRAME_MS, presentedMesh(presentation, posture)));
  }
  return challenge;
}

describe('Challenge', () => {
  for (const action of CHALLENGE_ACTIONS) {
    it(`passes somebody who does as asked: ${action}`, () => {
      assert.deepEqual(answer([action], DOING[action]).state, { phase: 'passed' });
    });

    it(`goes on asking somebody who does nothing: ${action}`, () => {
      const state = answer([action], LOOKING).state;
      assert.ok(state.phase === 'asking' && state.action === action);
    });
  }

  it('asks one thing after the other, in order', () => {
    const asked = ['turn-left', 'blink', 'turn-right'] as const;
    const halfWay = answer(asked, DOING['turn-left']).state;
    assert.ok(halfWay.phase === 'asking' && halfWay.action === 'blink' && halfWay.done === 1);
    const all = [...DOING['turn-left'], ...DOING.blink, ...DOING['turn-right']];
    assert.deepEqual(answer(asked, all).state, { phase: 'passed' });
  });

  it('does not count what was done before it was asked for', () => {
    const state = answer(['turn-left', 'blink'], [...DOING.blink, ...DOING['turn-left']]).state;
    assert.ok(state.phase === 'asking' && state.action === 'blink');
  });

  it('fails somebody who turns the other way, for good', () => {
    const challenge = answer(['turn-left'], [...DOING['turn-right'], ...DOING['turn-left']]);
    assert.deepEqual(challenge.state, { phase: 'failed', why: 'wrong-way' });
  });

  it('does not take the way back from one turn for a turn the other way', () => {
    const state = answer(['turn-left', 'turn-right'], DOING['turn-left']).state;
    assert.ok(state.phase === 'asking' && state.action === 'turn-right');
  });

  it('is not passed by a picture that is turned or bent', () => {
    for (const presentation of ['flat-picture', 'bent-picture'] as const) {
      const state = answer(['turn-left'], DOING['turn-left'], presentation).state;
      assert.notEqual(state.phase, 'passed', presentation);
    }
  });

  it('fails when time is up, with or without a face', () => {
    const challenge = answer(['blink'], LOOKING);
    assert.equal(challenge.expire(monotonicMs(5_000)).phase, 'asking');
    assert.deepEqual(challenge.expire(monotonicMs(5_001)), { phase: 'failed', why: 'too-late' });
    const seen = answer(['blink'], LOOKING);
    for (let atMs = 500; atMs <= 5_500; atMs += 500) {
      seen.observe(aLivenessSample(atMs, presentedMesh('head')));
    }
    assert.deepEqual(seen.state, { phase: 'failed', why: 'too-late' });
  });

  it('fails when another track answers, or something is slid in', () => {
    const other = answer(['blink'], LOOKING);
    other.observe(aLivenessSample(600, presentedMesh('head'), { trackId: 2 }));
    assert.deepEqual(other.state, { phase: 'failed', why: 'interrupted' });
    const slidIn = answer(['blink'], LOOKING);
    slidIn.observe(aLivenessSample(600, presentedMesh('head', { centreXPx: 240 })));
    assert.deepEqual(slidIn.state, { phase: 'failed', why: 'interrupted' });
  });

  it('has failed when there is nothing to ask', () => {
    assert.equal(new Challenge([], monotonicMs(0)).state.phase, 'failed');
  });

  it('is not moved by a mesh that is none', () => {
    const challenge = new Challenge(['turn-left'], monotonicMs(0));
    challenge.observe(
      aLivenessSample(
        0,
        presentedMesh('head').map(() => Number.NaN),
      ),
    );
    assert.notEqual(challenge.state.phase, 'passed');
  });
});

describe('drawChallenge', () => {
  it('always asks for a turn, never twice for the same', () => {
    for (let seed = 0; seed < 300; seed += 1) {
      const actions = drawChallenge(seededRandom(seed), 2);
      assert.equal(new Set(actions).size, 2);
      assert.ok(actions.includes('turn-left') || actions.includes('turn-right'));
    }
  });

  it('asks in every order: nobody can prepare one answer', () => {
    const drawn = new Set<string>();
    for (let seed = 0; seed < 300; seed += 1)
      drawn.add(drawChallenge(seededRandom(seed), 2).join());
    // Of the 12 ordered pairs, the two without a turn are left out.
    assert.equal(drawn.size, 10);
  });

  it('draws the same from the same seed', () => {
    assert.deepEqual(drawChallenge(seededRandom(4), 3), drawChallenge(seededRandom(4), 3));
  });
});

describe('afterChallenge', () => {
  const undecided = { outcome: 'undecided', logLikelihoodRatio: -1, challengeDue: true } as const;
  const attack = { outcome: 'attack', logLikelihoodRatio: -9 } as const;

  it('lets a passed challenge decide what was undecided, and nothing else', () => {
    assert.equal(afterChallenge(undecided, { phase: 'passed' }).outcome, 'bona-fide');
    assert.deepEqual(afterChallenge(attack, { phase: 'passed' }), attack);
  });

  it('leaves a failed one undecided, with no more challenge due', () => {
    assert.deepEqual(afterChallenge(undecided, { phase: 'failed', why: 'too-late' }), {
      outcome: 'undecided',
      logLikelihoodRatio: -1,
    });
  });
});
