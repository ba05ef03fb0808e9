import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { grantedEvent } from '../../../src/decision/granted-event.ts';
import { type VisitStep, Visits } from '../../../src/decision/visit.ts';
import { defaultVisitPolicy, visitPolicyProblems } from '../../../src/decision/visit-policy.ts';
import type { AccessDecision, Grant } from '../../../src/domain/decision.ts';
import type { DenyReason } from '../../../src/domain/deny-reasons.ts';
import { monotonicMs, similarity } from '../../../src/domain/units.ts';
import { METRICS } from '../../helpers/decision-builders.ts';
import { aFrameOf, aSubject } from '../../helpers/observation-builders.ts';

const deny = (first: DenyReason, ...rest: DenyReason[]): AccessDecision => ({
  outcome: 'deny',
  reasons: [first, ...rest],
});
const stranger: AccessDecision = {
  ...deny('no-match', 'outside-hours'),
  similarity: similarity(0.2),
  threshold: similarity(0.4),
  modelId: 'face-512',
};
const grant = (identityId = 'p-1'): Grant => ({
  outcome: 'grant',
  identityId,
  similarity: similarity(0.7),
  threshold: similarity(0.4),
  modelId: 'face-512',
  capturedAtMs: monotonicMs(1_000),
});
const nobody = deny('no-subject', 'quality-insufficient', 'no-match');

interface Scene {
  readonly track?: number | undefined;
  readonly faces?: number;
  readonly passable?: boolean;
}

/** A visit seen frame by frame. */
class Onlooker {
  readonly visits = new Visits(defaultVisitPolicy);

  at(nowMs: number, decision: AccessDecision, scene: Scene = {}): VisitStep {
    const { track, faces, passable = false } = scene;
    const subject = track === undefined ? undefined : aSubject({ trackId: track });
    return this.visits.observe({
      observation: aFrameOf(nowMs, subject, faces === undefined ? {} : { faceCount: faces }),
      decision,
      nowMs: monotonicMs(nowMs),
      isDoorPassable: passable,
    });
  }
}

const reported = (steps: readonly VisitStep[]): readonly unknown[] =>
  steps.flatMap((step) =>
    step.actions.map((action) => (action.kind === 'open' ? 'open' : action.event)),
  );

describe('visit', () => {
  it('leaves no event when nobody comes', () => {
    const onlooker = new Onlooker();
    const steps = [0, 5_000, 10_000].map((atMs) => onlooker.at(atMs, nobody));
    assert.deepEqual(reported(steps), []);
    assert.deepEqual(steps[0]?.advice, { kind: 'idle' });
  });

  it('opens once for a person however long she stands there', () => {
    const onlooker = new Onlooker();
    const steps = [onlooker.at(0, deny('evidence-insufficient'), { track: 1 })];
    for (let atMs = 300; atMs < 6_200; atMs += 100) {
      steps.push(onlooker.at(atMs, grant(), { track: 1 }));
    }
    steps.push(onlooker.at(6_250, stranger, { track: 1 }), onlooker.at(9_000, nobody));
    assert.deepEqual(reported(steps), ['open']);
    assert.deepEqual(steps[0]?.advice, { kind: 'hold-still' });
    assert.deepEqual(steps[1]?.advice, { kind: 'welcome', identityId: 'p-1' });
  });

  it('opens again for the same person only after the cool-down, on another track too', () => {
    const onlooker = new Onlooker();
    const steps = [
      onlooker.at(0, grant(), { track: 1 }),
      onlooker.at(1_000, grant(), { track: 2 }),
      onlooker.at(5_999, grant(), { track: 3 }),
      onlooker.at(6_000, grant(), { track: 3 }),
    ];
    assert.deepEqual(reported(steps), ['open', 'open']);
    assert.equal(steps[1]?.actions.length, 0);
    assert.deepEqual(steps[1]?.advice, { kind: 'welcome', identityId: 'p-1' });
  });

  it('opens again much later for a person who has been standing there since', () => {
    const onlooker = new Onlooker();
    const steps = [0, 10_000, 29_999, 30_000].map((atMs) =>
      onlooker.at(atMs, grant(), { track: 1 }),
    );
    assert.deepEqual(
      steps.map(({ actions }) => actions.length),
      [1, 0, 0, 1],
    );
  });

  it('opens for the next person at once', () => {
    const onlooker = new Onlooker();
    const steps = [
      onlooker.at(0, grant('p-1'), { track: 1 }),
      onlooker.at(500, grant('p-2'), { track: 2 }),
    ];
    assert.deepEqual(reported(steps), ['open', 'open']);
  });

  it('welcomes as long as the door can be passed, then sees the person as any other', () => {
    const onlooker = new Onlooker();
    onlooker.at(0, grant(), { track: 1 });
    const open = onlooker.at(8_000, stranger, { track: 1, passable: true });
    assert.equal(open.advice.kind, 'welcome');
    assert.equal(onlooker.at(8_100, stranger, { track: 1 }).advice.kind, 'hold-still');
  });

  it('reports a stranger once, with what tells most, when the time is up', () => {
    const onlooker = new Onlooker();
    const steps = [
      onlooker.at(0, deny('evidence-insufficient', 'no-match'), { track: 1 }),
      onlooker.at(1_000, stranger, { track: 1 }),
      onlooker.at(2_000, deny('quality-insufficient', 'no-match'), { track: 1 }),
      onlooker.at(2_500, deny('evidence-insufficient', 'no-match'), { track: 1 }),
      onlooker.at(3_000, stranger, { track: 1 }),
      onlooker.at(9_000, nobody),
    ];
    assert.deepEqual(reported(steps), [
      {
        type: 'access.denied',
        reasons: ['no-match'],
        similarity: 0.2,
        threshold: 0.4,
        modelId: 'face-512',
      },
    ]);
    assert.deepEqual(steps[1]?.advice, { kind: 'hold-still' });
    assert.deepEqual(steps[4]?.advice, { kind: 'refused', reasons: ['no-match'] });
  });

  it('reports when the stranger leaves before that, or another face takes the place', () => {
    for (const track of [undefined, 2]) {
      const onlooker = new Onlooker();
      const steps = [
        onlooker.at(0, stranger, { track: 1 }),
        onlooker.at(100, nobody),
        onlooker.at(900, nobody, { track }),
      ];
      assert.equal(reported(steps).length, 1);
      assert.equal(steps[2]?.actions.length, 1);
    }
  });

  it('says nothing of who only passes by', () => {
    const onlooker = new Onlooker();
    const steps = [
      onlooker.at(0, deny('quality-insufficient'), { track: 1 }),
      onlooker.at(700, deny('quality-insufficient'), { track: 1 }),
      onlooker.at(1_400, nobody),
    ];
    assert.deepEqual(reported(steps), []);
  });

  it('reports who stayed without ever being comparable', () => {
    const onlooker = new Onlooker();
    const steps = [0, 400, 800].map((atMs) =>
      onlooker.at(atMs, deny('quality-insufficient'), { track: 1 }),
    );
    steps.push(onlooker.at(1_500, nobody));
    assert.deepEqual(reported(steps), [
      { type: 'access.denied', reasons: ['quality-insufficient'] },
    ]);
  });

  it('still lets in who was reported first', () => {
    const onlooker = new Onlooker();
    onlooker.at(0, stranger, { track: 1 });
    const steps = [
      onlooker.at(2_500, stranger, { track: 1 }),
      onlooker.at(3_000, grant(), { track: 1 }),
      onlooker.at(9_500, nobody),
    ];
    assert.equal(reported(steps).length, 2);
    assert.deepEqual(
      steps[1]?.actions.map((action) => action.kind),
      ['open'],
    );
  });

  it('reports an attack besides, once', () => {
    const onlooker = new Onlooker();
    const attack = deny('attack-suspected', 'liveness-unproven');
    const steps = [
      onlooker.at(0, stranger, { track: 1 }),
      onlooker.at(2_500, stranger, { track: 1 }),
      onlooker.at(3_000, attack, { track: 1 }),
      onlooker.at(3_500, attack, { track: 1 }),
    ];
    assert.equal(reported(steps).length, 2);
    assert.deepEqual(reported([steps[2] ?? assert.fail()]), [
      { type: 'access.denied', reasons: ['attack-suspected'] },
    ]);
  });

  it('welcomes nobody for whom the door did not open', () => {
    const onlooker = new Onlooker();
    onlooker.visits.noteDoorRefusal();
    onlooker.at(0, grant(), { track: 1 });
    onlooker.visits.noteDoorRefusal();
    const step = onlooker.at(100, grant(), { track: 1 });
    assert.deepEqual(step, { advice: { kind: 'out-of-service', reasons: [] }, actions: [] });
  });

  it('suspects tail-gating once per opening, from two frames in a row', () => {
    const onlooker = new Onlooker();
    const crowd = { track: 1, faces: 2, passable: true };
    const steps = [
      onlooker.at(0, grant(), { track: 1, faces: 2 }),
      onlooker.at(100, grant(), crowd),
      onlooker.at(200, grant(), { ...crowd, faces: 1 }),
      onlooker.at(300, grant(), crowd),
      onlooker.at(400, grant(), crowd),
      onlooker.at(500, grant(), crowd),
      onlooker.at(600, grant(), { track: 1 }),
      onlooker.at(700, grant(), crowd),
      onlooker.at(800, grant(), crowd),
    ];
    const suspicion = { type: 'tailgating.suspected', faceCount: 2 };
    assert.deepEqual(reported(steps), ['open', suspicion, suspicion]);
  });

  it('survives frames that were never analysed', () => {
    const onlooker = new Onlooker();
    const step = onlooker.visits.observe({
      observation: undefined,
      decision: deny('camera-fault', 'no-subject'),
      nowMs: monotonicMs(0),
      isDoorPassable: false,
    });
    assert.deepEqual(step, {
      advice: { kind: 'out-of-service', reasons: ['camera-fault'] },
      actions: [],
    });
  });

  it('advises one at a time, and what to improve', () => {
    const onlooker = new Onlooker();
    const rival = onlooker.at(0, deny('several-subjects', 'no-match'), { track: 1 });
    assert.deepEqual(rival.advice, { kind: 'one-at-a-time' });
    const blurred = onlooker.visits.observe({
      observation: aFrameOf(
        100,
        aSubject({
          trackId: 1,
          quality: { outcome: 'refused', faults: ['too-far', 'blurred'], metrics: METRICS },
        }),
      ),
      decision: deny('quality-insufficient'),
      nowMs: monotonicMs(100),
      isDoorPassable: false,
    });
    assert.deepEqual(blurred.advice, { kind: 'improve', faults: ['too-far', 'blurred'] });
  });

  it('asks for patience as long as only proof is missing', () => {
    const onlooker = new Onlooker();
    onlooker.at(0, deny('liveness-unproven'), { track: 1 });
    const late = onlooker.at(3_000, deny('liveness-unproven'), { track: 1 });
    assert.deepEqual(late.advice, { kind: 'hold-still' });
  });
});

describe('visit policy', () => {
  it('accepts its defaults and names what is out of range', () => {
    assert.deepEqual(visitPolicyProblems(defaultVisitPolicy), []);
    const problems = visitPolicyProblems({ ...defaultVisitPolicy, endAfterMs: Number.NaN });
    assert.equal(problems.length, 1);
    assert.ok(problems[0]?.includes('endAfterMs') === true);
  });
});

describe('granted event', () => {
  it('says how long it took, and a waiver in the words of the operator', () => {
    assert.deepEqual(grantedEvent(grant(), monotonicMs(1_080)), {
      type: 'access.granted',
      identityId: 'p-1',
      similarity: 0.7,
      threshold: 0.4,
      modelId: 'face-512',
      frameToRelayMs: 80,
    });
    const waived = grantedEvent({ ...grant(), livenessWaiver: 'demonstration' }, monotonicMs(0));
    assert.ok(waived.type === 'access.granted' && waived.livenessWaiver === 'demonstration');
  });
});
