import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DutyGuard } from '../../../src/access/duty-guard.ts';
import { monotonicMs } from '../../../src/domain/units.ts';

describe('duty guard', () => {
  it('forgets a pulse only when all of it has left the window', () => {
    const guard = new DutyGuard({ minIntervalMs: 0, windowMs: 10_000, maxEnergisedMs: 3_000 });
    guard.note(monotonicMs(0), 3_000);
    assert.equal(guard.verdict(monotonicMs(12_999), 1_000), 'duty-exceeded');
    assert.equal(guard.verdict(monotonicMs(13_000), 1_000), 'permitted');
  });

  it('lets no window hold more than its share, whatever is asked', () => {
    const policy = { minIntervalMs: 500, windowMs: 10_000, maxEnergisedMs: 4_000 };
    const requests = fc.array(
      fc.record({ waitMs: fc.nat(3_000), durationMs: fc.integer({ min: 100, max: 3_000 }) }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(requests, (sequence) => {
        const guard = new DutyGuard(policy);
        const pulses: { atMs: number; endMs: number }[] = [];
        let nowMs = 0;
        for (const { waitMs, durationMs } of sequence) {
          nowMs += waitMs;
          if (guard.verdict(monotonicMs(nowMs), durationMs) !== 'permitted') continue;
          guard.note(monotonicMs(nowMs), durationMs);
          pulses.push({ atMs: nowMs, endMs: nowMs + durationMs });
        }
        for (const { endMs } of pulses) {
          const fromMs = endMs - policy.windowMs;
          const energisedMs = pulses.reduce(
            (sum, pulse) =>
              sum + Math.max(0, Math.min(pulse.endMs, endMs) - Math.max(pulse.atMs, fromMs)),
            0,
          );
          assert.ok(energisedMs <= policy.maxEnergisedMs, `${energisedMs} ms before ${endMs}`);
        }
        for (const [index, pulse] of pulses.slice(1).entries()) {
          assert.ok(pulse.atMs - (pulses[index]?.atMs ?? 0) >= policy.minIntervalMs);
        }
      }),
    );
  });
});
