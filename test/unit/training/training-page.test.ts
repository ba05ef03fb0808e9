import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Trained } from '../../../src/training/train.ts';
import { trainingPage } from '../../../src/training/training-page.ts';

const trained = (tars: readonly number[]): Trained => {
  const curve = tars.map((validationTar, index) => ({
    step: 40 * index,
    loss: index === 0 ? Number.NaN : 1 / index,
    validationTar,
  }));
  const [first = { step: 0, loss: 0, validationTar: 0 }] = curve;
  const best = curve.reduce(
    (found, check) => (check.validationTar > found.validationTar ? check : found),
    first,
  );
  return { parameters: [], best, curve, outcome: 'finished' };
};

describe('trainingPage', () => {
  const shown = (name: string, tars: readonly number[]) => ({
    name,
    trained: trained(tars),
    test: '-',
  });

  it('draws loss and validation of every training, three to a plot, and needs nothing else', () => {
    const names = ['random', 'semi-hard', 'batch-hard', 'one <more>'];
    const page = trainingPage(
      'Triplets',
      names.map((name) => shown(name, [0.5, 0.7, 0.6])),
    );
    assert.equal(page.match(/aria-label="Validation TAR"/g)?.length, 2);
    assert.equal(page.match(/aria-label="Loss"/g)?.length, 2);
    assert.match(page, /70\.00 %/);
    assert.doesNotMatch(page, /NaN|Infinity|https?:|<script|one <more>/);
  });

  it('draws a training that changed nothing', () => {
    assert.doesNotMatch(trainingPage('Flat', [shown('flat', [0.9, 0.9])]), /NaN|Infinity/);
  });
});
