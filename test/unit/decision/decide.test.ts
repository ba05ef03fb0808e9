import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide } from '../../../src/decision/decide.ts';
import type { Comparison, Evidence, Moment, TrackSummary } from '../../../src/decision/evidence.ts';
import { DENY_REASONS, type DenyReason } from '../../../src/domain/deny-reasons.ts';
import type { Identity } from '../../../src/domain/identity.ts';
import { monotonicMs, similarity, wallMs } from '../../../src/domain/units.ts';
import {
  aCalibration,
  aCandidate,
  aPolicy,
  checked,
  METRICS,
  MODEL_ID,
  NOW,
  perfectEvidence,
} from '../../helpers/decision-builders.ts';

const POLICY = checked(aPolicy());

/** Perfect evidence about a person with these peculiarities. */
const about = (changes: Partial<Identity>): Evidence => found(aCandidate(0.7, changes));

const found = (
  best: ReturnType<typeof aCandidate>,
  second = aCandidate(0.1, { identityId: 'p-2' }),
): Evidence =>
  perfectEvidence({
    comparison: {
      kind: 'identification',
      search: {
        modelId: MODEL_ID,
        personsSearched: 2,
        templatesCompared: 2,
        candidates: [best, second],
      },
    },
  });

const claim = (value: number, claimedIdentityId = 'p-1'): Comparison => ({
  kind: 'verification',
  claimedIdentityId,
  search: {
    modelId: MODEL_ID,
    personsSearched: 1,
    templatesCompared: 1,
    candidates: [aCandidate(value)],
  },
});

const track = (changes: Partial<TrackSummary>): Evidence => {
  const perfect = perfectEvidence();
  assert.ok(perfect.track !== undefined);
  return { ...perfect, track: { ...perfect.track, ...changes } };
};

interface Row {
  readonly because: string;
  readonly evidence: Evidence;
  readonly reasons: readonly DenyReason[];
}

const nobodyFound: readonly DenyReason[] = [
  'no-match',
  'ambiguous-match',
  'roster-unconfirmed',
  'not-yet-valid',
  'no-longer-valid',
  'outside-hours',
];

/** The access policy: each row spoils one thing of a perfect visit. */
const ROWS: readonly Row[] = [
  {
    because: 'the gate is locked down',
    evidence: perfectEvidence({ lockDown: 'in-force' }),
    reasons: ['locked-down'],
  },
  {
    because: 'the presentation looks like an attack',
    evidence: perfectEvidence({ liveness: { outcome: 'attack', logLikelihoodRatio: -9 } }),
    reasons: ['attack-suspected', 'liveness-unproven'],
  },
  {
    because: 'a stage failed',
    evidence: perfectEvidence({ stages: 'fault' }),
    reasons: ['stage-fault'],
  },
  {
    because: 'a stage overran its deadline',
    evidence: perfectEvidence({ stages: 'timeout' }),
    reasons: ['stage-timeout'],
  },
  {
    because: 'the camera is faulty',
    evidence: perfectEvidence({ camera: 'fault' }),
    reasons: ['camera-fault'],
  },
  {
    because: 'the store is faulty',
    evidence: perfectEvidence({ store: 'fault' }),
    reasons: ['store-fault'],
  },
  {
    because: 'the clock is not trusted',
    evidence: perfectEvidence({ clock: 'untrusted' }),
    reasons: ['clock-untrusted'],
  },
  {
    because: 'the frame is a second and a millisecond old',
    evidence: perfectEvidence({ frameAtMs: monotonicMs(98_999) }),
    reasons: ['frame-stale'],
  },
  {
    because: 'the frame comes from the future',
    evidence: perfectEvidence({ frameAtMs: monotonicMs(100_001) }),
    reasons: ['frame-stale'],
  },
  {
    because: 'nobody is there',
    evidence: perfectEvidence({ subject: { kind: 'none' } }),
    reasons: ['no-subject', 'evidence-insufficient'],
  },
  {
    because: 'a rival stands beside the subject',
    evidence: perfectEvidence({ subject: { kind: 'rival' } }),
    reasons: ['several-subjects', 'evidence-insufficient'],
  },
  {
    because: 'the frame is not good enough',
    evidence: perfectEvidence({
      quality: { outcome: 'refused', faults: ['blurred'], metrics: METRICS },
    }),
    reasons: ['quality-insufficient'],
  },
  {
    because: 'a measure of quality is not a number',
    evidence: perfectEvidence({
      quality: { outcome: 'acceptable', metrics: { ...METRICS, sharpness: Number.NaN } },
    }),
    reasons: ['quality-insufficient'],
  },
  {
    because: 'liveness was not assessed',
    evidence: perfectEvidence({ liveness: { outcome: 'not-assessed' } }),
    reasons: ['liveness-unproven'],
  },
  {
    because: 'liveness is undecided',
    evidence: perfectEvidence({ liveness: { outcome: 'undecided', logLikelihoodRatio: 1 } }),
    reasons: ['liveness-unproven'],
  },
  {
    because: 'liveness rests on something that is not a number',
    evidence: perfectEvidence({
      liveness: { outcome: 'bona-fide', logLikelihoodRatio: Number.NaN },
    }),
    reasons: ['liveness-unproven'],
  },
  {
    because: 'there are too few good frames',
    evidence: track({ goodFrames: 2 }),
    reasons: ['evidence-insufficient'],
  },
  {
    because: 'the good frames are a burst',
    evidence: track({ oldestAtMs: monotonicMs(99_850) }),
    reasons: ['evidence-insufficient'],
  },
  {
    because: 'the newest good frame is too old',
    evidence: track({ oldestAtMs: monotonicMs(98_000), newestAtMs: monotonicMs(98_500) }),
    reasons: ['evidence-insufficient'],
  },
  {
    because: 'the frames reach over more than the window',
    evidence: track({ oldestAtMs: monotonicMs(90_000) }),
    reasons: ['evidence-insufficient'],
  },
  {
    because: 'the frames of the track disagree',
    evidence: track({ weakestPair: similarity(0.39) }),
    reasons: ['evidence-insufficient'],
  },
  {
    because: 'the evidence was gathered on another track',
    evidence: track({ trackId: 8 }),
    reasons: ['evidence-insufficient'],
  },
  {
    because: 'the evidence comes from another encoder than the comparison',
    evidence: track({ modelId: 'face-128' }),
    reasons: ['evidence-insufficient'],
  },
  {
    because: 'nobody is enrolled',
    evidence: perfectEvidence({
      comparison: {
        kind: 'identification',
        search: { modelId: MODEL_ID, personsSearched: 0, templatesCompared: 0, candidates: [] },
      },
    }),
    reasons: ['gallery-empty', ...nobodyFound],
  },
  {
    because: 'the person is not similar enough for a search of two',
    evidence: found(aCandidate(0.42)),
    reasons: ['no-match'],
  },
  {
    because: 'the similarity is beyond what a cosine can be',
    evidence: found(aCandidate(1.01)),
    reasons: ['no-match'],
  },
  {
    because: 'a second person is about as similar',
    evidence: found(aCandidate(0.7), aCandidate(0.66, { identityId: 'p-2' })),
    reasons: ['ambiguous-match'],
  },
  {
    because: 'the second person is the first again',
    evidence: found(aCandidate(0.7), aCandidate(0.1)),
    reasons: ['ambiguous-match'],
  },
  {
    because: 'the search of two people names only one',
    evidence: perfectEvidence({
      comparison: {
        kind: 'identification',
        search: {
          modelId: MODEL_ID,
          personsSearched: 2,
          templatesCompared: 2,
          candidates: [aCandidate(0.7)],
        },
      },
    }),
    reasons: ['ambiguous-match'],
  },
  {
    because: 'the face is that of another than the claimed person',
    evidence: perfectEvidence({ comparison: claim(0.7, 'p-9') }),
    reasons: ['claim-contradicted'],
  },
  {
    because: 'the face is not similar enough to the claimed person',
    evidence: perfectEvidence({ comparison: claim(0.3) }),
    reasons: ['no-match', 'claim-contradicted'],
  },
  {
    because: 'the challenges of this track are used up',
    evidence: perfectEvidence({ challenge: 'exhausted' }),
    reasons: ['challenge-failed'],
  },
  {
    because: 'no head of the roster has vouched for the person',
    evidence: perfectEvidence({ vouchedForId: undefined }),
    reasons: ['roster-unconfirmed'],
  },
  {
    because: 'a head has vouched for somebody else',
    evidence: perfectEvidence({ vouchedForId: 'p-2' }),
    reasons: ['roster-unconfirmed'],
  },
  {
    because: 'the roster has expired',
    evidence: perfectEvidence({ roster: 'nobody' }),
    reasons: ['roster-unconfirmed'],
  },
  {
    because: 'access begins in a millisecond',
    evidence: about({ validFromMs: wallMs(NOW.wallMs + 1) }),
    reasons: ['not-yet-valid'],
  },
  {
    because: 'access ends at this very moment',
    evidence: about({ validUntilMs: NOW.wallMs }),
    reasons: ['no-longer-valid'],
  },
  {
    because: "it is noon and the person's hours are the night",
    evidence: about({ scheduleId: 'nights' }),
    reasons: ['outside-hours'],
  },
  {
    because: "the person's schedule is unknown",
    evidence: about({ scheduleId: 'lost' }),
    reasons: ['outside-hours'],
  },
];

describe('decide', () => {
  it('grants when nothing speaks against it, and names what the event needs', () => {
    assert.deepEqual(decide(perfectEvidence(), POLICY, NOW), {
      outcome: 'grant',
      identityId: 'p-1',
      similarity: 0.7,
      // One wrong search in a thousand among two is about 5e-4 each: 0.3 decades beyond 0.4.
      threshold: decide(perfectEvidence(), POLICY, NOW).threshold,
      modelId: MODEL_ID,
      capturedAtMs: 99_900,
    });
    const { threshold } = decide(perfectEvidence(), POLICY, NOW);
    assert.ok(Math.abs((threshold ?? 0) - 0.43) < 0.001, `${threshold}`);
  });

  for (const row of ROWS) {
    it(`denies because ${row.because}`, () => {
      const decision = decide(row.evidence, POLICY, NOW);
      assert.equal(decision.outcome, 'deny');
      assert.deepEqual('reasons' in decision && decision.reasons, row.reasons);
    });
  }

  it('denies whoever has not passed a challenge where the policy always asks for one', () => {
    const always = checked(aPolicy({ liveness: { kind: 'required', challenge: 'always' } }));
    const found = { outcome: 'bona-fide', logLikelihoodRatio: 9 } as const;
    const asking = { orderId: 1, phase: 'asking', action: 'blink', done: 0, total: 3 } as const;
    for (const liveness of [
      found,
      { ...found, challenge: asking },
      { ...found, challenge: { orderId: 1, phase: 'failed', why: 'too-late' } as const },
    ]) {
      const decision = decide(perfectEvidence({ liveness }), always, NOW);
      assert.deepEqual('reasons' in decision && decision.reasons, ['liveness-unproven']);
    }
    const passed = { ...found, challenge: { orderId: 1, phase: 'passed' } as const };
    assert.equal(decide(perfectEvidence({ liveness: passed }), always, NOW).outcome, 'grant');
  });

  it('denies without a calibration of the encoder', () => {
    const other = checked(aPolicy({ calibrations: [aCalibration({ modelId: 'face-128' })] }));
    const decision = decide(perfectEvidence(), other, NOW);
    assert.deepEqual('reasons' in decision && decision.reasons, [
      'evidence-insufficient',
      'calibration-missing',
      'no-match',
    ]);
  });

  it('has a row for every reason', () => {
    const shown = new Set([...ROWS.flatMap((row) => row.reasons), 'calibration-missing']);
    assert.deepEqual([...DENY_REASONS].sort(), [...shown].sort());
  });

  it('denies for every reason when there is no evidence', () => {
    assert.deepEqual(decide({}, POLICY, NOW), { outcome: 'deny', reasons: DENY_REASONS });
  });

  it('denies for every reason when the evidence cannot be read', () => {
    const trap: Evidence = Object.defineProperty({ ...perfectEvidence() }, 'comparison', {
      get: () => {
        throw new Error('unreadable');
      },
    });
    assert.deepEqual(decide(trap, POLICY, NOW), { outcome: 'deny', reasons: DENY_REASONS });
  });

  it('denies for every reason when nothing speaks against a person without a name', () => {
    const decision = decide({ ...about({ identityId: '' }), roster: 'everybody' }, POLICY, NOW);
    assert.deepEqual('reasons' in decision && decision.reasons, DENY_REASONS);
  });

  it('says how near the comparison was, unless that is not a number', () => {
    const near = decide(found(aCandidate(0.42)), POLICY, NOW);
    assert.equal(near.similarity, 0.42);
    assert.equal(near.outcome === 'deny' && near.modelId, MODEL_ID);
    assert.ok(near.threshold !== undefined && near.threshold > 0.42);
    const nothing = decide(found(aCandidate(Number.NaN)), POLICY, NOW);
    assert.equal(nothing.similarity, undefined);
  });

  it('grants a claim that the face confirms, at the threshold of one comparison', () => {
    const evidence = perfectEvidence({ comparison: claim(0.41) });
    assert.equal(decide(evidence, POLICY, NOW).outcome, 'grant');
  });

  it('grants the only person of a gallery of one', () => {
    const evidence = perfectEvidence({
      comparison: {
        kind: 'identification',
        search: {
          modelId: MODEL_ID,
          personsSearched: 1,
          templatesCompared: 3,
          candidates: [aCandidate(0.7)],
        },
      },
    });
    assert.equal(decide(evidence, POLICY, NOW).outcome, 'grant');
  });

  it('demands more similarity when more templates are compared', () => {
    const among = (templatesCompared: number): number => {
      const evidence = perfectEvidence({
        comparison: {
          kind: 'identification',
          search: {
            modelId: MODEL_ID,
            personsSearched: 2,
            templatesCompared,
            candidates: [aCandidate(0.7), aCandidate(0.1, { identityId: 'p-2' })],
          },
        },
      });
      return decide(evidence, POLICY, NOW).threshold ?? Number.NaN;
    };
    assert.ok(among(10) > among(2));
  });

  describe('when liveness is waived', () => {
    const because = 'demonstration without a liveness stage';
    const waiving = checked(aPolicy({ liveness: { kind: 'waived', because } }));

    it("grants without it and carries the operator's words", () => {
      const decision = decide(
        perfectEvidence({ liveness: { outcome: 'not-assessed' } }),
        waiving,
        NOW,
      );
      assert.equal(decision.outcome === 'grant' && decision.livenessWaiver, because);
    });

    it('still denies what looks like an attack, and what says nothing at all', () => {
      for (const liveness of [{ outcome: 'attack', logLikelihoodRatio: -9 } as const, undefined]) {
        const decision = decide(perfectEvidence({ liveness }), waiving, NOW);
        assert.deepEqual('reasons' in decision && decision.reasons, ['attack-suspected']);
      }
    });
  });

  describe('when the clock is not trusted and the policy admits those of all hours', () => {
    const lenient = checked(aPolicy({ untrustedClock: 'admit-always' }));
    const unsure = (changes: Partial<Identity>): Evidence => ({
      ...about(changes),
      clock: 'untrusted',
    });
    const wrongYear: Moment = { ...NOW, wallMs: wallMs(0) };

    it('admits a person without hours or dates', () => {
      assert.equal(decide(unsure({}), lenient, wrongYear).outcome, 'grant');
      assert.equal(decide(unsure({ scheduleId: 'always' }), lenient, NOW).outcome, 'grant');
    });

    it('denies a person with hours or dates', () => {
      for (const changes of [
        { scheduleId: 'nights' },
        { validFromMs: wallMs(0) },
        { validUntilMs: wallMs(NOW.wallMs + 1) },
      ]) {
        const decision = decide(unsure(changes), lenient, NOW);
        assert.ok('reasons' in decision && decision.reasons.includes('clock-untrusted'));
      }
    });

    it('denies when nothing is known of the clock, and when nobody was compared', () => {
      for (const spoiled of [{ clock: undefined }, { comparison: undefined }]) {
        const decision = decide({ ...unsure({}), ...spoiled }, lenient, NOW);
        assert.ok('reasons' in decision && decision.reasons.includes('clock-untrusted'));
      }
    });
  });

  it('lets nobody in at a time that is not a number', () => {
    for (const now of [
      { ...NOW, wallMs: wallMs(Number.NaN) },
      { ...NOW, monotonicMs: monotonicMs(Number.NaN) },
    ]) {
      assert.equal(decide(perfectEvidence(), POLICY, now).outcome, 'deny');
    }
  });

  it('admits within the dates of a person', () => {
    const evidence = about({
      validFromMs: NOW.wallMs,
      validUntilMs: wallMs(NOW.wallMs + 1),
    });
    assert.equal(decide(evidence, POLICY, NOW).outcome, 'grant');
  });
});
