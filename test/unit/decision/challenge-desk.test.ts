import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChallengeDesk } from '../../../src/decision/challenge-desk.ts';
import type { ChallengeProgress, ChallengeRule } from '../../../src/domain/challenge.ts';
import type { AccessDecision } from '../../../src/domain/decision.ts';
import type { DenyReason } from '../../../src/domain/deny-reasons.ts';
import type { LivenessAssessment } from '../../../src/domain/liveness.ts';
import { monotonicMs } from '../../../src/domain/units.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

const DUE = { outcome: 'undecided', logLikelihoodRatio: 0, challengeDue: true } as const;
const ALIVE = { outcome: 'bona-fide', logLikelihoodRatio: 5 } as const;
const ASKING = { phase: 'asking', action: 'blink', done: 0, total: 3 } as const;
const FAILED = { phase: 'failed', why: 'too-late' } as const;
const PASSED = { phase: 'passed' } as const;

const denied = (...reasons: readonly [DenyReason, ...DenyReason[]]): AccessDecision => ({
  outcome: 'deny',
  reasons,
});

/** A desk, and the person before it, 100 ms a frame. */
class Visitor {
  readonly desk: ChallengeDesk;
  orderId: number | undefined;
  standing: string | undefined;
  #atMs = 0;

  constructor(rule: ChallengeRule = 'when-undecided') {
    this.desk = new ChallengeDesk(rule, seededRandom(3));
  }

  /** @returns whether something was asked on this frame */
  see(
    liveness: LivenessAssessment,
    decision: AccessDecision = denied('liveness-unproven'),
    trackId = 1,
  ): boolean {
    this.#atMs += 100;
    const nowMs = monotonicMs(this.#atMs);
    const subject = { trackId, liveness };
    this.standing = this.desk.note(subject, nowMs);
    const order = this.desk.order(subject, decision, nowMs);
    if (order !== undefined) this.orderId = order.orderId;
    return order !== undefined;
  }

  /** The report of the newest order. */
  after(progress: ChallengeProgress, from: typeof DUE | typeof ALIVE = DUE): LivenessAssessment {
    return { ...from, challenge: { orderId: this.orderId ?? 0, ...progress } };
  }

  wait(ms: number): void {
    this.#atMs += ms;
  }
}

describe('ChallengeDesk', () => {
  it('asks once looking on has had its time, and lets the challenge run', () => {
    const visitor = new Visitor();
    assert.equal(visitor.see({ outcome: 'undecided', logLikelihoodRatio: 0 }), false);
    assert.equal(visitor.see(DUE), true);
    assert.equal(visitor.see(DUE), false);
    for (let frame = 0; frame < 100; frame += 1) {
      assert.equal(visitor.see(visitor.after(ASKING)), false);
      assert.equal(visitor.standing, 'available');
    }
  });

  it('asks only who would be let in if they were known to be alive', () => {
    const others: readonly DenyReason[] = ['no-match', 'quality-insufficient', 'outside-hours'];
    for (const reason of others) {
      assert.equal(new Visitor().see(DUE, denied('liveness-unproven', reason)), false, reason);
    }
    assert.equal(
      new Visitor().see({ outcome: 'attack', logLikelihoodRatio: -9 }, denied('attack-suspected')),
      false,
    );
  });

  it('asks nobody where the policy says never, and the living too where it says always', () => {
    assert.equal(new Visitor('never').see(DUE), false);
    assert.equal(new Visitor('when-undecided').see(ALIVE), false);
    const always = new Visitor('always');
    assert.equal(always.see(ALIVE), true);
    assert.equal(always.see(always.after(PASSED, ALIVE)), false);
  });

  it('gives a second try after a failure, another question, and no third', () => {
    const visitor = new Visitor();
    visitor.see(DUE);
    const first = visitor.orderId;
    assert.equal(visitor.see(visitor.after(FAILED)), true);
    assert.notEqual(visitor.orderId, first);
    // The report of the first is still on its way.
    assert.equal(visitor.see({ ...DUE, challenge: { orderId: first ?? 0, ...FAILED } }), false);
    assert.equal(visitor.standing, 'available');
    assert.equal(visitor.see(visitor.after(FAILED)), false);
    assert.equal(visitor.standing, 'exhausted');
  });

  it('counts a challenge that is lost on its way as a try', () => {
    const visitor = new Visitor();
    visitor.see(DUE);
    visitor.wait(1_600);
    assert.equal(visitor.see(DUE), true);
    visitor.wait(1_600);
    assert.equal(visitor.see(DUE), false);
    assert.equal(visitor.standing, 'exhausted');
  });

  it('takes no answer to a question that it has not asked', () => {
    const visitor = new Visitor();
    visitor.see(DUE);
    const stray = { ...DUE, challenge: { orderId: 99, ...PASSED } };
    assert.equal(visitor.see(stray), false);
    visitor.wait(1_600);
    assert.equal(visitor.see(stray), true);
  });

  it('asks no more when too many failed at this door, whoever comes, until some time has passed', () => {
    const visitor = new Visitor();
    for (const trackId of [1, 2, 3]) {
      assert.equal(visitor.see(DUE, undefined, trackId), true);
      visitor.see(visitor.after(ASKING), undefined, trackId);
    }
    assert.equal(visitor.see(DUE, undefined, 4), false);
    assert.equal(visitor.standing, 'exhausted');
    visitor.wait(60_000);
    assert.equal(visitor.see(DUE, undefined, 4), true);
  });

  it('does not hold it against those who are seen to be alive without one', () => {
    const visitor = new Visitor();
    for (const trackId of [1, 2, 3]) visitor.see(DUE, undefined, trackId);
    visitor.see(ALIVE, undefined, 4);
    assert.equal(visitor.standing, 'available');
  });

  it('leaves nobody waiting whom a passed challenge does not help', () => {
    const visitor = new Visitor();
    visitor.see(DUE);
    visitor.see(visitor.after(PASSED));
    assert.equal(visitor.standing, 'available');
    visitor.wait(2_100);
    visitor.see(visitor.after(PASSED));
    assert.equal(visitor.standing, 'exhausted');
    visitor.see(visitor.after(PASSED, ALIVE));
    assert.equal(visitor.standing, 'available');
  });
});
