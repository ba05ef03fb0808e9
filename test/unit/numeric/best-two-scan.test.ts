import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BestTwo, rowProduct, scanBestTwo } from '../../../src/numeric/best-two-scan.ts';

const scan = (rows: readonly (readonly [number, number])[], people: readonly number[]): BestTwo => {
  const best = { firstRow: 9, firstSimilarity: 9, secondRow: 9, secondSimilarity: 9 };
  const matrix = Float32Array.from(rows.flat());
  scanBestTwo(matrix, Int32Array.from(people), rows.length, Float64Array.of(1, 0), best);
  return best;
};

describe('scanBestTwo', () => {
  it('finds nothing in nothing and forgets the scan before', () => {
    const best = scan([], []);
    assert.deepEqual([best.firstRow, best.secondRow], [-1, -1]);
    assert.equal(best.secondSimilarity, Number.NEGATIVE_INFINITY);
  });

  it('keeps the second place for another person, wherever the rows stand', () => {
    // Values of the first column are the similarities; people 0, 0, 1, 0, 1, 2.
    const rows = [0.5, 0.25, 0.375, 0.75, 0.625, 0.125].map((value) => [value, 0] as const);
    const best = scan(rows, [0, 0, 1, 0, 1, 2]);
    assert.deepEqual(best, {
      firstRow: 3,
      firstSimilarity: 0.75,
      secondRow: 4,
      secondSimilarity: 0.625,
    });
  });

  it('passes over rows that belong to nobody', () => {
    const best = scan(
      [
        [0.25, 0],
        [1, 0],
        [0.5, 0],
      ],
      [0, -1, 0],
    );
    assert.equal(best.firstRow, 2);
    assert.equal(best.secondRow, -1);
  });

  it('gives equal similarities to the row that stands first', () => {
    const best = scan(
      [
        [0.5, 0],
        [0.5, 0],
        [0.5, 0],
      ],
      [0, 1, 2],
    );
    assert.deepEqual([best.firstRow, best.secondRow], [0, 1]);
  });

  it('sums both columns', () => {
    assert.equal(rowProduct(Float32Array.of(9, 9, 1, 2), 1, Float64Array.of(3, 4)), 11);
  });
});
