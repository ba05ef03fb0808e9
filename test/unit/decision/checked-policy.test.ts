import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CheckedPolicy, policyProblems } from '../../../src/decision/checked-policy.ts';
import { decide } from '../../../src/decision/decide.ts';
import { defaultPolicy, type Policy } from '../../../src/decision/policy.ts';
import {
  aCalibration,
  aPolicy,
  checked,
  NOW,
  perfectEvidence,
} from '../../helpers/decision-builders.ts';

const { track } = defaultPolicy;

describe('policy', () => {
  it('accepts the production defaults, which require liveness and open for nobody yet', () => {
    assert.equal(defaultPolicy.liveness.kind, 'required');
    const decision = decide(perfectEvidence(), checked(defaultPolicy), NOW);
    assert.equal(decision.outcome, 'deny');
  });

  it('refuses what makes no sense, with every problem', () => {
    const check = CheckedPolicy.check(aPolicy({ minMargin: Number.NaN, minGoodFrames: 0 }));
    assert.equal(check.outcome, 'refused');
    assert.equal(check.outcome === 'refused' && check.problems.length, 2);
  });

  const nonsense: readonly (readonly [string, Partial<Policy>])[] = [
    ['must say why', { liveness: { kind: 'waived', because: '  because ' } }],
    ['targetFpir', { targetFpir: 0 }],
    ['targetFpir', { targetFpir: 0.5 }],
    ['targetClaimFpr', { targetClaimFpr: -1 }],
    ['minMargin', { minMargin: -0.1 }],
    ['minGoodFrames', { minGoodFrames: 9 }],
    ['minGoodFrames is not a whole', { minGoodFrames: 2.5 }],
    ['minSpanMs', { minSpanMs: 60_000 }],
    ['maxFrameAgeMs', { maxFrameAgeMs: Number.POSITIVE_INFINITY }],
    ['capacity is not a whole', { track: { ...track, capacity: 7.5 } }],
    ['track.capacity', { track: { ...track, capacity: 33 } }],
    ['track.windowMs', { track: { ...track, windowMs: 1e9 } }],
    ['track.maxGapMs', { track: { ...track, maxGapMs: 0 } }],
    ['track.agreementFmr', { track: { ...track, agreementFmr: 1 } }],
    ['more than one calibration', { calibrations: [aCalibration(), aCalibration()] }],
    ['it has no points', { calibrations: [aCalibration({ points: [] })] }],
    ['default schedule', { hours: { ...defaultPolicy.hours, defaultScheduleId: 'lost' } }],
  ];
  for (const [what, changes] of nonsense) {
    it(`finds: ${what} (${JSON.stringify(changes).slice(0, 60)})`, () => {
      const [problem] = policyProblems(aPolicy(changes));
      assert.ok(problem?.includes(what) === true, problem);
    });
  }

  it('has no threshold for an encoder without a curve', () => {
    assert.equal(checked(aPolicy()).thresholdOf('unknown', 1e-2, 1).outcome, 'missing');
  });

  it('asks of two frames of a track what it would ask of two people', () => {
    const agreement = checked(aPolicy()).agreementOf('face-512');
    assert.equal(agreement.outcome === 'known' && agreement.threshold, 0.4);
  });
});
