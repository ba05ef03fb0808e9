import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameBudget } from '../../../src/vision/frame-budget.ts';

/** Runs frames that take so long with the step and without it, and counts those that took it. */
function wholeFrames(
  budget: FrameBudget,
  frames: number,
  wholeMs: number,
  plainMs: number,
): number {
  let whole = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const isWhole = budget.fits();
    if (isWhole) whole += 1;
    budget.note({ totalMs: isWhole ? wholeMs : plainMs, isWhole });
  }
  return whole;
}

describe('the time budget of a frame', () => {
  it('takes the step in every frame that has the time', () => {
    assert.equal(wholeFrames(new FrameBudget(60), 100, 60, 30), 100);
  });

  it('tries ever more rarely what is too slow, also when it is so by little', () => {
    assert.equal(wholeFrames(new FrameBudget(60), 1_000, 60.1, 59), 8);
    assert.equal(wholeFrames(new FrameBudget(60), 4_500, Number.NaN, 30), 15);
  });

  it('takes it again in every frame once it fits', () => {
    const budget = new FrameBudget(60);
    wholeFrames(budget, 9, 90, 30);
    const whole = wholeFrames(budget, 100, 50, 30);
    assert.ok(whole >= 100 - 16, `${whole}`);
  });

  it('forgives one slow frame after a short rest', () => {
    const budget = new FrameBudget(60);
    wholeFrames(budget, 100, 50, 30);
    budget.note({ totalMs: 200, isWhole: true });
    assert.equal(wholeFrames(budget, 100, 50, 30), 92);
  });
});
