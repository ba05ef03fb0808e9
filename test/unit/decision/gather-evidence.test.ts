import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide } from '../../../src/decision/decide.ts';
import { gatherEvidence } from '../../../src/decision/gather-evidence.ts';
import { tellingReasons } from '../../../src/decision/telling-reasons.ts';
import { aPolicy, checked, NOW, perfectEvidence } from '../../helpers/decision-builders.ts';
import { aFrameOf, aSubject } from '../../helpers/observation-builders.ts';

const { lockDown, camera, stages, store, clock, roster, track, comparison } = perfectEvidence();
const health = { lockDown, camera, stages, store, clock, roster };
const isVouchedFor = (identityId: string): boolean => identityId === 'p-1';
const POLICY = checked(aPolicy());
const CHALLENGE = 'available' as const;
const LOOKING = {
  health,
  challenge: CHALLENGE,
  track: undefined,
  comparison: undefined,
  isVouchedFor,
};

describe('gather evidence', () => {
  it('makes a grant of a perfect frame', () => {
    const observation = aFrameOf(99_900, aSubject());
    const evidence = gatherEvidence({
      health,
      observation,
      challenge: CHALLENGE,
      track,
      comparison,
      isVouchedFor,
    });
    assert.equal(decide(evidence, POLICY, NOW).outcome, 'grant');
  });

  it('knows whether the person found is vouched for', () => {
    const observation = aFrameOf(99_900, aSubject());
    const decision = decide(
      gatherEvidence({ ...LOOKING, track, comparison, observation, isVouchedFor: () => false }),
      POLICY,
      NOW,
    );
    assert.deepEqual('reasons' in decision && decision.reasons, ['roster-unconfirmed']);
  });

  it('suspects nobody of an attack before an empty scene', () => {
    const evidence = gatherEvidence({ ...LOOKING, observation: aFrameOf(99_900, undefined) });
    const decision = decide(evidence, POLICY, NOW);
    assert.deepEqual('reasons' in decision && tellingReasons(decision.reasons), ['no-subject']);
  });

  it('takes a rival for what it is', () => {
    const observation = aFrameOf(99_900, aSubject(), { hasRival: true });
    const decision = decide(gatherEvidence({ ...LOOKING, observation }), POLICY, NOW);
    assert.deepEqual('reasons' in decision && tellingReasons(decision.reasons), [
      'several-subjects',
    ]);
  });

  it('knows nothing of a subject when no frame was analysed', () => {
    const evidence = gatherEvidence({
      ...LOOKING,
      health: { ...health, camera: 'fault' },
      observation: undefined,
    });
    const decision = decide(evidence, POLICY, NOW);
    assert.deepEqual('reasons' in decision && tellingReasons(decision.reasons), ['camera-fault']);
  });
});
