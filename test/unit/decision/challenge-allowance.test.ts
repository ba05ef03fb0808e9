import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChallengeAllowance } from '../../../src/decision/challenge-allowance.ts';
import { monotonicMs } from '../../../src/domain/units.ts';

const MINUTE_MS = 60_000;

/** Challenges that somebody gets who takes every one he can and passes none. */
function triesWithin(minutes: number): number {
  const allowance = new ChallengeAllowance();
  let tries = 0;
  for (let atMs = 0; atMs <= minutes * MINUTE_MS; atMs += 10_000) {
    if (!allowance.isOpen(monotonicMs(atMs))) continue;
    allowance.spend(monotonicMs(atMs));
    tries += 1;
  }
  return tries;
}

describe('ChallengeAllowance', () => {
  it('lets somebody who passes none try eight times in the first hour, and hardly once in each that follows', () => {
    assert.equal(triesWithin(60), 8);
    const day = triesWithin(24 * 60);
    assert.ok(day <= 8 + 24, `${day} tries in a day`);
  });

  it('makes nobody wait where challenges are passed', () => {
    const allowance = new ChallengeAllowance();
    for (let atMs = 0; atMs < 100 * MINUTE_MS; atMs += MINUTE_MS) {
      assert.ok(allowance.isOpen(monotonicMs(atMs)));
      allowance.spend(monotonicMs(atMs));
      allowance.refund();
    }
  });

  it('counts a challenge from the moment it is asked, whether or not it is answered', () => {
    const allowance = new ChallengeAllowance();
    for (let count = 0; count < 3; count += 1) allowance.spend(monotonicMs(0));
    assert.equal(allowance.isOpen(monotonicMs(0)), false);
    assert.equal(allowance.isOpen(monotonicMs(MINUTE_MS)), true);
  });

  it('forgets failures that are long past', () => {
    const allowance = new ChallengeAllowance();
    allowance.spend(monotonicMs(0));
    allowance.spend(monotonicMs(0));
    allowance.spend(monotonicMs(3 * 60 * MINUTE_MS));
    assert.equal(allowance.isOpen(monotonicMs(3 * 60 * MINUTE_MS)), true);
  });
});
