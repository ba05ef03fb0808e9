import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decide } from '../../../src/decision/decide.ts';
import type { Evidence } from '../../../src/decision/evidence.ts';
import { tellingReasons } from '../../../src/decision/telling-reasons.ts';
import { DENY_REASONS, type DenyReason } from '../../../src/domain/deny-reasons.ts';
import { aPolicy, checked, NOW, perfectEvidence } from '../../helpers/decision-builders.ts';

const POLICY = checked(aPolicy());
const GARBAGE = [undefined, null, Number.NaN, '', {}, [], true, Symbol('x')];

/** Every path through the evidence to a value that is no object, and to each object on the way. */
function pathsOf(value: unknown, prefix: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [prefix];
  const below = Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...prefix, key]));
  return prefix.length === 0 ? below : [prefix, ...below];
}

function spoiled(value: unknown, path: readonly string[], garbage: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return garbage;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((inner, index) =>
      String(index) === key ? spoiled(inner, rest, garbage) : inner,
    );
  }
  return {
    ...(value as object),
    [key]: spoiled((value as Record<string, unknown>)[key], rest, garbage),
  };
}

/** Not proofs: nobody decides by them. */
const IGNORED = ['name', 'templateId'];

const proofs = pathsOf(perfectEvidence()).filter((path) => !IGNORED.includes(path.at(-1) ?? ''));

describe('decide, for any evidence', () => {
  it('turns a grant into a deny when any one proof is missing or garbage', () => {
    assert.equal(decide(perfectEvidence(), POLICY, NOW).outcome, 'grant');
    assert.ok(proofs.length > 35, `only ${proofs.length} proofs found`);
    for (const path of proofs) {
      for (const garbage of GARBAGE) {
        const evidence = spoiled(perfectEvidence(), path, garbage) as Evidence;
        const { outcome } = decide(evidence, POLICY, NOW);
        assert.equal(outcome, 'deny', `${path.join('.')} = ${String(garbage)}`);
      }
    }
  });

  it('names the reason whose proof is missing', () => {
    const reasonOf: Readonly<Record<keyof Evidence, DenyReason>> = {
      lockDown: 'locked-down',
      camera: 'camera-fault',
      stages: 'stage-fault',
      store: 'store-fault',
      clock: 'clock-untrusted',
      frameAtMs: 'frame-stale',
      subject: 'no-subject',
      quality: 'quality-insufficient',
      challenge: 'challenge-failed',
      liveness: 'liveness-unproven',
      track: 'evidence-insufficient',
      comparison: 'no-match',
      roster: 'roster-unconfirmed',
      vouchedForId: 'roster-unconfirmed',
    };
    for (const [field, reason] of Object.entries(reasonOf)) {
      const decision = decide(perfectEvidence({ [field]: undefined }), POLICY, NOW);
      assert.ok('reasons' in decision && decision.reasons.includes(reason), field);
    }
  });

  it('never opens for more garbage: what one fault denies, two deny for at least its reasons', () => {
    const faults = fc.record({
      path: fc.constantFrom(...proofs),
      garbage: fc.constantFrom(...GARBAGE),
    });
    fc.assert(
      fc.property(faults, faults, (first, second) => {
        const once = spoiled(perfectEvidence(), first.path, first.garbage);
        const twice = spoiled(once, second.path, second.garbage) as Evidence;
        assert.equal(decide(twice, POLICY, NOW).outcome, 'deny');
      }),
      { numRuns: 2_000 },
    );
  });

  it('adds up the reasons of faults in different proofs', () => {
    const fields = Object.keys(perfectEvidence()) as (keyof Evidence)[];
    fc.assert(
      fc.property(
        fc.subarray(fields, { minLength: 1 }),
        fc.constantFrom(...fields),
        (gone, extra) => {
          const without = (missing: readonly (keyof Evidence)[]): readonly DenyReason[] => {
            const evidence = perfectEvidence(
              Object.fromEntries(missing.map((field) => [field, undefined])),
            );
            const decision = decide(evidence, POLICY, NOW);
            assert.ok(decision.outcome === 'deny');
            return decision.reasons;
          };
          const more = without([...gone, extra]);
          for (const reason of without(gone)) assert.ok(more.includes(reason));
        },
      ),
    );
  });

  it('orders reasons by severity and tells a part of them that begins with the first', () => {
    const fields = Object.keys(perfectEvidence()) as (keyof Evidence)[];
    fc.assert(
      fc.property(fc.subarray(fields, { minLength: 1 }), (gone) => {
        const decision = decide(
          perfectEvidence(Object.fromEntries(gone.map((field) => [field, undefined]))),
          POLICY,
          NOW,
        );
        assert.ok(decision.outcome === 'deny');
        const ranks = decision.reasons.map((reason) => DENY_REASONS.indexOf(reason));
        assert.deepEqual(
          ranks,
          [...ranks].sort((left, right) => left - right),
        );
        const told = tellingReasons(decision.reasons);
        assert.equal(told[0], decision.reasons[0]);
        assert.ok(told.every((reason) => decision.reasons.includes(reason)));
      }),
    );
  });
});
