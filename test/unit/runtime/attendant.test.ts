import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GateHealth } from '../../../src/decision/evidence.ts';
import { defaultVisitPolicy } from '../../../src/decision/visit-policy.ts';
import type { LivenessAssessment } from '../../../src/domain/liveness.ts';
import type { Gallery } from '../../../src/gallery/gallery.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { Attendant } from '../../../src/runtime/attendant.ts';
import {
  aCalibration,
  aCandidate,
  aPolicy,
  checked,
  MODEL_ID,
} from '../../helpers/decision-builders.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { aFrameOf, aProbe, aSubject, atAngle } from '../../helpers/observation-builders.ts';

const WELL: GateHealth = {
  lockDown: 'lifted',
  camera: 'delivering',
  stages: 'completed',
  store: 'trusted',
  clock: 'trusted',
  roster: 'everybody',
};

/** Knows one person, whose face is at angle 0. */
const GALLERY = {
  search: ({ modelId, embedding }: { modelId: string; embedding: Float32Array }) => ({
    modelId,
    personsSearched: 1,
    templatesCompared: 1,
    candidates: [aCandidate(embedding[0] ?? Number.NaN)],
  }),
} as unknown as Gallery;

/** The same, asked for one person; knows nobody else. */
const CLAIMED = {
  ...GALLERY,
  compareClaimed: (
    { modelId, embedding }: { modelId: string; embedding: Float32Array },
    identityId: string,
  ) => ({
    modelId,
    personsSearched: identityId === 'p-1' ? 1 : 0,
    templatesCompared: identityId === 'p-1' ? 1 : 0,
    candidates: identityId === 'p-1' ? [aCandidate(embedding[0] ?? Number.NaN)] : [],
  }),
} as unknown as Gallery;

interface Surroundings {
  readonly health?: GateHealth;
  readonly gallery?: Gallery | 'none';
  readonly trackId?: number;
  readonly liveness?: LivenessAssessment;
}

function setUp(calibrations = [aCalibration({ dimension: 2 })]) {
  const clock = new FakeClock();
  const attendant = new Attendant({
    clock,
    chance: seededRandom(1),
    policy: checked(aPolicy({ calibrations })),
    visits: defaultVisitPolicy,
    encoder: { modelId: MODEL_ID, dimension: 2 },
  });
  const attend = (
    degrees: number | undefined,
    { health = WELL, gallery = GALLERY, trackId = 7, liveness }: Surroundings = {},
  ) => {
    const subject =
      degrees === undefined
        ? undefined
        : aSubject({
            trackId,
            probes: [aProbe(atAngle(degrees))],
            ...(liveness === undefined ? {} : { liveness }),
          });
    const frame = aFrameOf(clock.now(), subject);
    return attendant.attend(frame, {
      health,
      gallery: gallery === 'none' ? undefined : gallery,
      isDoorPassable: false,
      isVouchedFor: () => true,
    });
  };
  const watch = async (
    degrees: number | undefined,
    frames: number,
    circumstances: Surroundings = {},
  ) => {
    let last = attend(degrees, circumstances);
    for (let frame = 1; frame < frames; frame += 1) {
      await clock.advance(100);
      last = attend(degrees, circumstances);
    }
    await clock.advance(100);
    return last;
  };
  return { clock, attendant, attend, watch };
}

describe('attendant', () => {
  it('grants when enough frames of one track agree, and asks once for the door', async () => {
    const { watch } = setUp();
    const early = await watch(0, 2);
    assert.equal(early.decision.outcome, 'deny');
    assert.ok(early.progress > 0.6 && early.progress < 0.7);
    const late = await watch(0, 1);
    assert.equal(late.decision.outcome, 'grant');
    assert.equal(late.progress, 1);
    assert.deepEqual(
      late.step.actions.map(({ kind }) => kind),
      ['open'],
    );
    assert.deepEqual((await watch(0, 1)).step.actions, []);
  });

  it('asks somebody it knows for a challenge when looking on has had its time, shows it, and lets in who passes', async () => {
    const { watch } = setUp();
    const due = { outcome: 'undecided', logLikelihoodRatio: 0, challengeDue: true } as const;
    await watch(0, 2, { liveness: due });
    const { challenge, decision } = await watch(0, 1, { liveness: due });
    assert.equal(decision.outcome, 'deny');
    assert.ok(challenge !== undefined);
    assert.equal(challenge.trackId, 7);
    const { orderId } = challenge;
    const asking = { orderId, phase: 'asking', action: 'blink', done: 1, total: 3 } as const;
    const asked = await watch(0, 2, { liveness: { ...due, challenge: asking } });
    assert.deepEqual(asked.step.advice, { kind: 'challenge', action: 'blink', done: 1, total: 3 });
    assert.equal(asked.challenge, undefined);
    const alive = {
      outcome: 'bona-fide',
      logLikelihoodRatio: 5,
      challenge: { orderId, phase: 'passed' },
    } as const;
    assert.equal((await watch(0, 1, { liveness: alive })).decision.outcome, 'grant');
  });

  it('asks no stranger, and reports nobody as denied who is only being looked at', async () => {
    const { watch } = setUp();
    const due = { outcome: 'undecided', logLikelihoodRatio: 0, challengeDue: true } as const;
    assert.equal((await watch(80, 6, { liveness: due })).challenge, undefined);
    const waiting = setUp();
    const undecided = { outcome: 'undecided', logLikelihoodRatio: 0 } as const;
    for (let frame = 0; frame < 60; frame += 1) {
      const { step } = await waiting.watch(0, 1, { liveness: undecided });
      assert.deepEqual(step.actions, []);
      assert.equal(step.advice.kind, 'hold-still');
    }
  });

  it('does not know a stranger', async () => {
    const { watch } = setUp();
    const { decision } = await watch(80, 6);
    assert.ok(decision.outcome === 'deny' && decision.reasons.includes('no-match'));
  });

  it('compares with the claimed person alone while somebody claims to be that person', async () => {
    const { watch, attendant } = setUp();
    attendant.claim('p-1', 10_000);
    assert.equal((await watch(0, 4, { gallery: CLAIMED })).decision.outcome, 'grant');
  });

  it('lets in nobody else under a claim, however well enrolled', async () => {
    const { watch, attendant } = setUp();
    attendant.claim('p-9', 10_000);
    const { decision } = await watch(0, 6, { gallery: CLAIMED });
    assert.equal(decision.outcome, 'deny');
  });

  it('contradicts a claim with a face that is not of that person', async () => {
    const { watch, attendant } = setUp();
    attendant.claim('p-1', 10_000);
    const { decision } = await watch(80, 6, { gallery: CLAIMED });
    assert.ok(decision.outcome === 'deny' && decision.reasons.includes('claim-contradicted'));
  });

  it('forgets a claim after its time, and after it has served', async () => {
    const { watch, attendant } = setUp();
    attendant.claim('p-9', 300);
    const { decision } = await watch(0, 6, { gallery: CLAIMED });
    assert.equal(decision.outcome, 'grant', 'identified once the claim has ended');
  });

  it('sees nothing where there is no observation', () => {
    const { attendant } = setUp();
    const circumstances = {
      health: WELL,
      gallery: GALLERY,
      isDoorPassable: false,
      isVouchedFor: () => true,
    };
    const { decision, step } = attendant.attend(undefined, circumstances);
    assert.equal(decision.outcome, 'deny');
    assert.deepEqual(step.actions, []);
  });

  it('lets nobody inherit what another gathered', async () => {
    const { watch, attend } = setUp();
    await watch(0, 2);
    const other = attend(0, { trackId: 8 });
    assert.equal(other.restart, 'other-track');
    assert.equal(other.decision.outcome, 'deny');
  });

  for (const health of [
    { ...WELL, camera: 'fault' },
    { ...WELL, stages: 'timeout' },
    { ...WELL, stages: undefined },
  ] as const) {
    it(`forgets what it saw when the camera is ${health.camera}, the stages ${health.stages}`, async () => {
      const { watch } = setUp();
      await watch(0, 2);
      await watch(0, 2, { health });
      assert.equal((await watch(0, 2)).decision.outcome, 'deny');
      assert.equal((await watch(0, 1)).decision.outcome, 'grant');
    });
  }

  it('opens for nobody without a gallery or without a calibration', async () => {
    const { watch } = setUp();
    assert.equal((await watch(0, 6, { gallery: 'none' })).decision.outcome, 'deny');
    const uncalibrated = setUp([]);
    const { decision } = await uncalibrated.watch(0, 6);
    assert.ok(decision.outcome === 'deny' && decision.reasons.includes('calibration-missing'));
  });

  it('does not welcome whom the door refused', async () => {
    const { watch, attendant } = setUp();
    await watch(0, 3);
    attendant.noteDoorRefusal();
    assert.equal((await watch(0, 1)).step.advice.kind, 'out-of-service');
  });
});
