import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import type { LabelledComparison } from '../../../src/evaluation/comparison-scores.ts';
import { bestThreshold, kFoldAccuracy } from '../../../src/evaluation/k-fold-accuracy.ts';

const mated = (similarity: number): LabelledComparison => ({ mated: true, similarity });
const nonMated = (similarity: number): LabelledComparison => ({ mated: false, similarity });

describe('bestThreshold', () => {
  it('stands half-way between the scores it separates', () => {
    assert.equal(bestThreshold([mated(0.8), nonMated(0.2), mated(0.6), nonMated(0)]), 0.4);
  });

  it('never cuts between equal scores', () => {
    const threshold = bestThreshold([mated(0.5), nonMated(0.5), mated(0.5)]);
    assert.ok(threshold < 0.5);
  });

  it('accepts everybody when all are mated, nobody when none is', () => {
    assert.ok(bestThreshold([mated(0.1), mated(0.2)]) < 0.1);
    assert.ok(bestThreshold([nonMated(0.1), nonMated(0.2)]) > 0.2);
  });
});

describe('kFoldAccuracy', () => {
  it('judges each fold by a threshold it had no part in', () => {
    // Fold 0 alone is separable at 0.85; the others say 0.4, and so half of fold 0 is wrong.
    const comparisons = [
      ...[mated(0.9), nonMated(0.8)],
      ...[mated(0.6), nonMated(0.2)],
      ...[mated(0.6), nonMated(0.2)],
      ...[mated(0.6), nonMated(0.2)],
    ];
    const { mean, sd } = kFoldAccuracy(comparisons, Uint8Array.of(0, 0, 1, 1, 2, 2, 3, 3), 4);
    assert.ok(Math.abs(mean - (0.5 + 1 + 1 + 1) / 4) < 1e-12);
    assert.ok(Math.abs(sd - 0.25) < 1e-12);
  });

  it('counts a lost mated comparison as wrong and leaves a lost non-mated one out', () => {
    const lost = (isMated: boolean): LabelledComparison => ({
      mated: isMated,
      similarity: 'not-acquired',
    });
    const clean = [mated(0.9), nonMated(0.1), mated(0.9), nonMated(0.1)];
    const folds = Uint8Array.of(0, 0, 1, 1, 0);
    assert.equal(kFoldAccuracy([...clean, lost(false)], folds, 2).mean, 1);
    assert.equal(kFoldAccuracy([...clean, lost(true)], folds, 2).mean, (2 / 3 + 1) / 2);
  });

  it('refuses an empty fold', () => {
    assert.throws(() => kFoldAccuracy([mated(0.9)], Uint8Array.of(0), 2), PorticoError);
  });
});
