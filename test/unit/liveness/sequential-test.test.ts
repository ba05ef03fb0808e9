import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SequentialTest } from '../../../src/liveness/sequential-test.ts';

const BOUNDS = { bonaFide: 3, attack: -4, motion: -1, fewestSamples: 3 };
const evidence = (logLikelihoodRatio: number, rest: Readonly<Record<string, number>> = {}) => ({
  logLikelihoodRatio,
  ratioWithoutStillness: logLikelihoodRatio,
  motionRatio: 0,
  ...rest,
});
const outcomes = (...ratios: readonly number[]) => {
  const test = new SequentialTest(BOUNDS);
  return ratios.map((ratio) => test.step(evidence(ratio), 3).outcome);
};

describe('SequentialTest', () => {
  it('stops at its bounds and not before', () => {
    assert.deepEqual(outcomes(2.99, 3), ['undecided', 'bona-fide']);
    assert.deepEqual(outcomes(-3.99, -4), ['undecided', 'attack']);
  });

  it('holds a bona fide finding while the evidence favours it, and no longer', () => {
    assert.deepEqual(outcomes(3.1, 0.1, -0.1, 0.1), [
      'bona-fide',
      'bona-fide',
      'undecided',
      'undecided',
    ]);
  });

  it('lets nothing take back an attack', () => {
    assert.deepEqual(outcomes(-5, 9), ['attack', 'attack']);
  });

  it('turns a bona fide finding into an attack when one shows', () => {
    assert.deepEqual(outcomes(3.5, -4.5), ['bona-fide', 'attack']);
  });

  it('does not refuse for stillness', () => {
    const { outcome } = new SequentialTest(BOUNDS).step(
      evidence(-9, { ratioWithoutStillness: -3.9 }),
      3,
    );
    assert.equal(outcome, 'undecided');
  });

  it('does not let in on looks alone, however good, while the motion speaks against it', () => {
    const test = new SequentialTest(BOUNDS);
    assert.equal(test.step(evidence(20, { motionRatio: -1.1 }), 3).outcome, 'undecided');
    assert.equal(test.step(evidence(20, { motionRatio: -1 }), 3).outcome, 'bona-fide');
  });

  it('decides nothing on a ratio that is not a number', () => {
    assert.equal(new SequentialTest(BOUNDS).step(evidence(Number.NaN), 3).outcome, 'undecided');
  });

  it('decides nothing on too few key frames, either way', () => {
    const test = new SequentialTest(BOUNDS);
    assert.equal(test.step(evidence(20), 2).outcome, 'undecided');
    assert.equal(test.step(evidence(-20), 2).outcome, 'undecided');
  });

  it('begins anew on reset', () => {
    const test = new SequentialTest(BOUNDS);
    test.step(evidence(-9), 3);
    test.reset();
    assert.deepEqual(test.assessment, { outcome: 'undecided', logLikelihoodRatio: 0 });
  });
});
