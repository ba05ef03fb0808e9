import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { monotonicMs } from '../../../src/domain/units.ts';
import { BlinkDetector } from '../../../src/liveness/blink-detector.ts';
import type { FaceShape } from '../../../src/liveness/face-shape.ts';

const SHAPE: FaceShape = {
  interEyePx: 60,
  leftEyeRatio: 0.3,
  rightEyeRatio: 0.3,
  yaw: 0,
  pitch: 0.5,
  roll: 0,
  mouthOpening: 0.02,
  mouthWidth: 0.8,
};

/** Blinks seen when the eyes' openings follow each other at 15 frames a second. */
function blinks(openings: readonly (readonly [number, number])[]): number {
  const detector = new BlinkDetector();
  return openings.filter(([leftEyeRatio, rightEyeRatio], index) =>
    detector.observe({ ...SHAPE, leftEyeRatio, rightEyeRatio }, monotonicMs((index * 1000) / 15)),
  ).length;
}

const both = (...openings: readonly number[]) => openings.map((one) => [one, one] as const);
const OPEN = [0.3, 0.31, 0.29, 0.3];

describe('BlinkDetector', () => {
  it('counts a blink when both eyes have opened again', () => {
    assert.equal(blinks(both(...OPEN, 0.15, 0.1, 0.18, 0.3)), 1);
    assert.equal(blinks(both(...OPEN, 0.15, 0.1, 0.18)), 0);
  });

  it('counts two blinks as two', () => {
    assert.equal(blinks(both(...OPEN, 0.1, 0.3, 0.3, 0.1, 0.3)), 2);
  });

  it('counts no wink', () => {
    const winking = [0.1, 0.1, 0.3].map((left) => [left, 0.3] as const);
    assert.equal(blinks([...both(...OPEN), ...winking]), 0);
  });

  it('counts no half shut eyes and no noise', () => {
    assert.equal(blinks(both(...OPEN, 0.25, 0.24, 0.3, 0.28, 0.32)), 0);
  });

  it('counts no eyes that stay shut for longer than a second', () => {
    assert.equal(blinks(both(...OPEN, ...Array.from({ length: 20 }, () => 0.1), 0.3)), 0);
  });

  it('counts nothing before it knows how open the eyes usually are', () => {
    assert.equal(blinks(both(0.1, 0.3)), 0);
  });

  it('goes by each face, not by a fixed opening', () => {
    assert.equal(blinks(both(0.16, 0.16, 0.16, 0.16, 0.08, 0.16)), 1);
  });
});
