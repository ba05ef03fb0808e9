import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PromptedHead } from '../../../src/synthesis/prompted-head.ts';

const TIMES = Array.from({ length: 100 }, (_, index) => index / 10);
const peak = (read: (seconds: number) => number): number => Math.max(...TIMES.map(read));

describe('PromptedHead', () => {
  it('does nothing unasked', () => {
    const head = new PromptedHead();
    for (const seconds of TIMES) {
      assert.equal(Math.abs(head.yaw(seconds)), 0);
      assert.equal(head.closure(seconds), 0);
      assert.equal(head.nearness(seconds), 0);
      assert.equal(head.restlessness(seconds), 1);
    }
  });

  it('does as asked a moment later, one thing after the other, and comes back', () => {
    const head = new PromptedHead();
    head.do('turn-left', 1);
    head.do('turn-right', 1.5);
    head.do('come-closer', 2);
    head.do('blink', 2.5);
    assert.equal(head.yaw(1.5), 0);
    assert.ok(peak((seconds) => head.yaw(seconds)) > 0.5);
    assert.ok(peak((seconds) => -head.yaw(seconds)) > 0.5);
    assert.ok(peak((seconds) => head.nearness(seconds)) > 0.25);
    assert.equal(
      peak((seconds) => head.closure(seconds)),
      1,
    );
    for (const seconds of TIMES) {
      const isTurned = Math.abs(head.yaw(seconds)) > 1e-9;
      assert.ok(!(isTurned && head.nearness(seconds) > 0));
    }
    assert.equal(Math.abs(head.yaw(9)), 0);
  });

  it('looks about less from the first thing asked on', () => {
    const head = new PromptedHead();
    head.do('turn-left', 1);
    assert.equal(head.restlessness(0.9), 1);
    assert.equal(head.restlessness(3), 0.25);
  });
});
