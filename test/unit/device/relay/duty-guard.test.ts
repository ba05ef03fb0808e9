import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DutyGuard } from '../../../../device/relay/duty-guard.ts';

describe('DutyGuard', () => {
  it('allows half of a minute and no more', () => {
    const guard = new DutyGuard(5_000);
    for (let nowMs = 0; nowMs < 30_000; nowMs += 5_000) {
      assert.equal(guard.check(nowMs, 5_000).kind, 'within');
      guard.record(nowMs, 5_000);
    }
    assert.equal(guard.check(30_000, 1).kind, 'exceeded');
  });

  it('forgets a pulse a minute after its end', () => {
    const guard = new DutyGuard(30_000);
    guard.record(0, 30_000);
    assert.equal(guard.check(89_999, 1).kind, 'exceeded');
    assert.equal(guard.check(90_000, 30_000).kind, 'within');
  });

  it('allows one pulse of the longest kind, be it longer than that', () => {
    const guard = new DutyGuard(45_000);
    assert.equal(guard.check(0, 45_000).kind, 'within');
    assert.equal(guard.check(0, 45_001).kind, 'exceeded');
  });

  it('bounds the energised time of any minute, whatever is asked', () => {
    const request = fc.record({
      waitMs: fc.integer({ min: 0, max: 8_000 }),
      durationMs: fc.integer({ min: 1, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
        const guard = new DutyGuard(5_000);
        const pulses: { startMs: number; endMs: number }[] = [];
        let nowMs = 0;
        for (const { waitMs, durationMs } of requests) {
          nowMs += waitMs;
          if (guard.check(nowMs, durationMs).kind === 'exceeded') continue;
          guard.record(nowMs, durationMs);
          pulses.push({ startMs: nowMs, endMs: nowMs + durationMs });
          nowMs += durationMs;
        }
        for (const { endMs } of pulses) {
          const onMs = pulses
            .filter((pulse) => pulse.startMs < endMs)
            .map((pulse) => Math.max(0, pulse.endMs - Math.max(pulse.startMs, endMs - 60_000)))
            .reduce((sum, ms) => sum + ms, 0);
          assert.ok(onMs <= 30_000, `${onMs} ms in the minute before ${endMs}`);
        }
      }),
    );
  });
});
