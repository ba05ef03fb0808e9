import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChallengeAction, ChallengeOrder } from '../../../src/domain/challenge.ts';
import { challengeOf, type LivenessAssessment } from '../../../src/domain/liveness.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import type { LivenessSample } from '../../../src/liveness/liveness-sample.ts';
import { SubjectLiveness } from '../../../src/liveness/subject-liveness.ts';
import { aFusion } from '../../helpers/liveness-fusions.ts';
import { aLivenessSample, type Posture, presentedMesh } from '../../helpers/synthetic-faces.ts';

const FRAME_MS = 66;
/** Log-odds 0.5: neither bound. */
const UNSURE = { wide: [0.6225, 0.3775, 0], tight: [0.5, 0.5, 0] } as const;
const DOUBTFUL = { wide: [0.2, 0.8, 0], tight: [0.2, 0.8, 0] } as const;
const FUSION = aFusion({ 'passive-wide-bona-fide': 1 });
const ACTIONS = ['turn-left', 'blink', 'turn-right'] as const;
const ORDER: ChallengeOrder = { orderId: 5, trackId: 1, actions: ACTIONS };

const turning = (degrees: number): readonly Posture[] =>
  [0, 0.3, 0.6, 1, 1, 1, 0.6, 0.3, 0].map((share) => ({ yawDeg: share * degrees }));
const DOING: Readonly<Record<ChallengeAction, readonly Posture[]>> = {
  blink: [{}, {}, {}, {}, { eyeRatio: 0.1 }, { eyeRatio: 0.1 }, {}],
  'turn-left': turning(30),
  'turn-right': turning(-30),
  'come-closer': [],
};

/** One person before the camera, frame by frame. */
class Stand {
  readonly liveness = new SubjectLiveness(FUSION);
  #atMs = 0;

  show(posture: Posture, changes: Partial<LivenessSample> = {}): LivenessAssessment {
    this.#atMs += FRAME_MS;
    const sample = aLivenessSample(this.#atMs, presentedMesh('head', posture), {
      passive: UNSURE,
      ...changes,
    });
    return this.liveness.observe(sample, true);
  }

  look(seconds: number, changes: Partial<LivenessSample> = {}): LivenessAssessment {
    let last = this.show({}, changes);
    for (let ms = FRAME_MS; ms < 1_000 * seconds; ms += FRAME_MS) last = this.show({}, changes);
    return last;
  }

  do(actions: readonly ChallengeAction[], changes: Partial<LivenessSample> = {}) {
    let last = this.show({}, changes);
    for (const action of actions) {
      for (const posture of DOING[action]) last = this.show(posture, changes);
    }
    return last;
  }
}

describe('SubjectLiveness', () => {
  it('leaves an undecided person undecided until a challenge is passed, then finds them alive', () => {
    const stand = new Stand();
    const due = stand.look(4.2);
    assert.ok(due.outcome === 'undecided' && due.challengeDue === true);
    stand.liveness.ask(ORDER);
    const asked = stand.show({});
    assert.deepEqual(challengeOf(asked), {
      orderId: 5,
      phase: 'asking',
      action: 'turn-left',
      done: 0,
      total: 3,
    });
    const after = stand.do(ACTIONS);
    assert.equal(after.outcome, 'bona-fide');
    assert.deepEqual(challengeOf(after), { orderId: 5, phase: 'passed' });
  });

  it('asks nobody by itself', () => {
    assert.equal(challengeOf(new Stand().look(9)), undefined);
  });

  it('does not begin a challenge that was meant for another track', () => {
    const stand = new Stand();
    stand.look(2);
    stand.liveness.ask({ ...ORDER, trackId: 2 });
    assert.equal(challengeOf(stand.show({})), undefined);
    assert.equal(challengeOf(stand.look(1, { trackId: 2 })), undefined);
  });

  it('lets a passed challenge die with its track, and with a break in it', () => {
    const breaks: readonly (readonly [Posture, Partial<LivenessSample>])[] = [
      [{}, { trackId: 2 }],
      [{ centreXPx: 240 }, {}],
    ];
    for (const [posture, changes] of breaks) {
      const stand = new Stand();
      stand.look(4.2);
      stand.liveness.ask(ORDER);
      assert.equal(stand.do(ACTIONS).outcome, 'bona-fide');
      const next = stand.show(posture, changes);
      assert.deepEqual(next, { outcome: 'undecided', logLikelihoodRatio: 0 });
    }
  });

  it('lets it die when nobody is there any more', () => {
    const stand = new Stand();
    stand.look(4.2);
    stand.liveness.ask(ORDER);
    stand.do(ACTIONS);
    stand.liveness.reset();
    assert.deepEqual(stand.show({}), { outcome: 'undecided', logLikelihoodRatio: 0 });
  });

  it('calls an attack what looked doubtful and does not answer', () => {
    const stand = new Stand();
    assert.equal(stand.look(4.2, { passive: DOUBTFUL }).outcome, 'undecided');
    stand.liveness.ask(ORDER);
    assert.equal(stand.look(5.5, { passive: DOUBTFUL }).outcome, 'attack');
  });

  it('does not measure a head that is turned because it was asked to', () => {
    const stand = new Stand();
    stand.look(1);
    stand.liveness.ask(ORDER);
    stand.look(0.3);
    stand.show({ yawDeg: 12 });
    stand.show({ yawDeg: 25 });
    assert.equal(stand.liveness.wantsPassive(monotonicMs(60_000)), false);
    stand.show({ yawDeg: 10 });
    stand.show({});
    assert.equal(stand.liveness.wantsPassive(monotonicMs(60_000)), true);
  });
});
