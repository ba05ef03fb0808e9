import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allComparisons } from '../../../../src/evaluation/all-comparisons.ts';
import { resampledAccuracy } from '../../../../src/evaluation/comparators/resampled-accuracy.ts';
import { resampledTar } from '../../../../src/evaluation/comparators/resampled-tar.ts';
import { tableOfAll, tableOfPairs } from '../../../../src/evaluation/comparators/scored-table.ts';
import { comparisonScores } from '../../../../src/evaluation/comparison-scores.ts';
import { tarAt } from '../../../../src/evaluation/error-rates.ts';
import { thresholdAtFmr } from '../../../../src/evaluation/threshold-at-fmr.ts';
import { madeUpPeople } from '../../../helpers/made-up-people.ts';

const once = (people: number): Uint32Array => new Uint32Array(people).fill(1);

const score = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constant(0.5));
const pairs = fc
  .array(fc.tuple(score, fc.boolean()), { minLength: 2, maxLength: 60 })
  .map((rows) =>
    rows.map(([similarity, mated], at) => ({
      left: `a${at}/1.jpg`,
      right: mated ? `a${at}/2.jpg` : `b${at}/1.jpg`,
      mated,
      similarity,
    })),
  )
  .filter((rows) => rows.some(({ mated }) => mated) && rows.some(({ mated }) => !mated));

describe('resampledTar', () => {
  it('is the TAR at the threshold of that FMR when everybody is drawn once', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(0.3, 0.1, 0.01), (rows, fmr) => {
        const scores = comparisonScores(rows);
        const table = tableOfPairs(rows);
        const tar = resampledTar(table, fmr)(once(table.people));
        assert.equal(tar, tarAt(scores, thresholdAtFmr(scores, fmr)));
      }),
    );
  });

  it('is the same for every comparison of some pictures as for the list of them', () => {
    const samples = madeUpPeople({ people: 20, picturesEach: 3, telling: 8, idle: 8, noise: 1 });
    const all = allComparisons(samples);
    const listed = samples.flatMap(({ person, embedding }, index) =>
      samples.slice(index + 1).map((right, other) => ({
        left: `${person}/${index}.jpg`,
        right: `${right.person}/${index + other + 1}.jpg`,
        mated: person === right.person,
        similarity: embedding.reduce((sum, value, k) => sum + value * (right.embedding[k] ?? 0), 0),
      })),
    );
    const multiplicity = Uint32Array.from({ length: all.people }, (_, person) => person % 3);
    const byTable = resampledTar(tableOfAll(all), 0.05)(multiplicity);
    const byList = resampledTar(tableOfPairs(listed), 0.05)(multiplicity);
    assert.ok(Math.abs(byTable - byList) < 1e-9, `${byTable} and ${byList}`);
  });

  it('counts a mated pair without a face as refused, and is undefined without mated pairs', () => {
    const rows = [
      { left: 'a/1', right: 'a/2', mated: true, similarity: 0.9 },
      { left: 'b/1', right: 'b/2', mated: true, similarity: 'not-acquired' as const },
      { left: 'a/1', right: 'b/1', mated: false, similarity: 0.1 },
    ];
    const tar = resampledTar(tableOfPairs(rows), 0.5);
    assert.equal(tar(once(2)), 0.5);
    assert.ok(Number.isNaN(tar(Uint32Array.of(0, 0))));
  });
});

describe('resampledAccuracy', () => {
  it('weighs each verdict by how often its people were drawn', () => {
    const rows = [
      { left: 'a/1', right: 'a/2', mated: true },
      { left: 'a/1', right: 'b/1', mated: false },
      { left: 'c/1', right: 'c/2', mated: true },
    ];
    const accuracy = resampledAccuracy(rows, ['right', 'wrong', 'left-out']);
    assert.equal(accuracy(once(3)), 0.5);
    // The mated pair of a weighs 2, the pair of a and b 2 * 3.
    assert.equal(accuracy(Uint32Array.of(2, 3, 1)), 0.25);
    assert.ok(Number.isNaN(accuracy(Uint32Array.of(0, 0, 5))));
  });
});
