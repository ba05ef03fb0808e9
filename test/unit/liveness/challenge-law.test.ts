import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChallengeProgress } from '../../../src/domain/challenge.ts';
import { challengeRatio, withChallenge } from '../../../src/liveness/challenge-law.ts';

const BOUNDS = { bonaFide: 3, attack: -4 };
const UNDECIDED = { outcome: 'undecided', logLikelihoodRatio: -1, challengeDue: true } as const;
const PASSED = { phase: 'passed' } as const;
const FAILED = { phase: 'failed', why: 'too-late' } as const;
const tried = (progress: ChallengeProgress, tries = 1) => ({
  report: { orderId: 1, ...progress },
  tries,
});

const seen = (ratioWithoutStillness: number | undefined, marksRatio = 0) => ({
  ratioWithoutStillness,
  marksRatio,
});

describe('withChallenge', () => {
  it('adds a passed challenge to what looking on says, and holds the sum against the bound', () => {
    const needed = BOUNDS.bonaFide - challengeRatio('passed', 1);
    const enough = withChallenge(UNDECIDED, tried(PASSED), seen(needed + 1e-9), BOUNDS);
    assert.equal(enough.outcome, 'bona-fide');
    const tooLittle = withChallenge(UNDECIDED, tried(PASSED), seen(needed - 1e-9), BOUNDS);
    assert.equal(tooLittle.outcome, 'undecided');
  });

  it('lets in somebody who only stood still: nothing speaks against them but that', () => {
    const still = { outcome: 'undecided', logLikelihoodRatio: -6 } as const;
    assert.equal(withChallenge(still, tried(PASSED), seen(0.5), BOUNDS).outcome, 'bona-fide');
  });

  it('never lets a challenge take back an attack', () => {
    const attack = { outcome: 'attack', logLikelihoodRatio: -9 } as const;
    for (const progress of [PASSED, FAILED]) {
      assert.deepEqual(withChallenge(attack, tried(progress), seen(9), BOUNDS), attack);
    }
  });

  it('makes an attack of a failed one where looking on already spoke against it, and only there', () => {
    const enough = BOUNDS.attack - challengeRatio('failed', 1);
    assert.equal(
      withChallenge(UNDECIDED, tried(FAILED), seen(enough - 1e-9), BOUNDS).outcome,
      'attack',
    );
    const { outcome } = withChallenge(UNDECIDED, tried(FAILED), seen(enough + 1e-9), BOUNDS);
    assert.equal(outcome, 'undecided');
  });

  it('lets the marks of a picture speak only after a failed one', () => {
    const marked = seen(0, -9);
    assert.equal(withChallenge(UNDECIDED, tried(FAILED), seen(0), BOUNDS).outcome, 'undecided');
    assert.equal(withChallenge(UNDECIDED, tried(FAILED), marked, BOUNDS).outcome, 'attack');
    const asking = { phase: 'asking', action: 'blink', done: 0, total: 3 } as const;
    assert.equal(withChallenge(UNDECIDED, tried(asking), marked, BOUNDS).outcome, 'undecided');
  });

  it('decides nothing where nothing was measured, or while it runs', () => {
    assert.equal(
      withChallenge(UNDECIDED, tried(PASSED), seen(undefined), BOUNDS).outcome,
      'undecided',
    );
    assert.equal(
      withChallenge(UNDECIDED, tried(PASSED), seen(Number.NaN), BOUNDS).outcome,
      'undecided',
    );
    const asking = { phase: 'asking', action: 'blink', done: 0, total: 3 } as const;
    const assessment = withChallenge(UNDECIDED, tried(asking), seen(9), BOUNDS);
    assert.ok(assessment.outcome === 'undecided' && assessment.challenge?.phase === 'asking');
  });

  it('is worth less at the second try, because chance has had two', () => {
    assert.ok(challengeRatio('passed', 2) < challengeRatio('passed', 1));
    assert.ok(challengeRatio('passed', 2) > 2);
    assert.ok(challengeRatio('failed', 1) < -2);
    assert.equal(challengeRatio('failed', 2), challengeRatio('failed', 1));
  });
});
