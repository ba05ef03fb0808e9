import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type BestTwo, rowProduct, scanBestTwo } from '../../../src/numeric/best-two-scan.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { RowProducts, strideOf } from '../../../src/numeric/row-products.ts';

function productsOf(rows: readonly (readonly number[])[]): RowProducts {
  const products = new RowProducts(rows.length, strideOf(rows[0]?.length ?? 1));
  for (const [row, values] of rows.entries()) products.matrix.set(values, row * products.stride);
  return products;
}

const scan = (rows: readonly (readonly [number, number])[], people: readonly number[]): BestTwo => {
  const best = { firstRow: 9, firstSimilarity: 9, secondRow: 9, secondSimilarity: 9 };
  const products = productsOf(rows);
  scanBestTwo(products, Int32Array.from(people), rows.length, Float32Array.of(1, 0), best);
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
    const products = productsOf([
      [9, 9],
      [1, 2],
    ]);
    assert.equal(rowProduct(products, 1, Float32Array.of(3, 4)), 11);
  });

  it('agrees with a plain search, also where only float64 tells two people apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (rows, seed) => {
        const random = seededRandom(seed);
        const dimension = 40;
        const unit = (values: number[]): number[] => {
          const norm = Math.hypot(...values);
          return values.map((value) => Math.fround(value / norm));
        };
        const base = unit(Array.from({ length: dimension }, () => random() - 0.5));
        const matrix = Array.from({ length: rows }, () =>
          unit(base.map((value) => value + (random() - 0.5) * 1e-6)),
        );
        const people = matrix.map(() => Math.floor(random() * 9) - 1);
        const probe = Float32Array.from(base);
        const best = { firstRow: 9, firstSimilarity: 9, secondRow: 9, secondSimilarity: 9 };
        scanBestTwo(productsOf(matrix), Int32Array.from(people), rows, probe, best);
        const ranked = matrix
          .map((values, row) => ({
            row,
            person: people[row] ?? -1,
            similarity: values.reduce((sum, value, at) => sum + value * (probe[at] ?? 0), 0),
          }))
          .filter(({ person }) => person >= 0)
          .sort((a, b) => b.similarity - a.similarity);
        const [first] = ranked;
        const second = ranked.find(({ person }) => person !== first?.person);
        assert.equal(best.firstSimilarity, first?.similarity ?? Number.NEGATIVE_INFINITY);
        assert.equal(best.secondSimilarity, second?.similarity ?? Number.NEGATIVE_INFINITY);
      }),
    );
  });
});

describe('RowProducts', () => {
  it('multiplies rows of any length as plain arithmetic does', () => {
    for (const dimension of [1, 15, 16, 17, 128, 512]) {
      const random = seededRandom(dimension);
      const rows = Array.from({ length: 5 }, () =>
        Array.from({ length: dimension }, () => random() - 0.5),
      );
      const probe = Float32Array.from({ length: dimension }, () => random() - 0.5);
      const products = productsOf(rows);
      const found = products.multiply(probe, rows.length);
      for (const row of rows.keys()) {
        assert.ok(Math.abs((found[row] ?? 9) - rowProduct(products, row, probe)) < 1e-5);
      }
    }
  });

  it('forgets the probe before', () => {
    const products = productsOf([[1, 1]]);
    products.multiply(Float32Array.of(5, 5), 1);
    assert.equal(products.multiply(Float32Array.of(3), 1)[0], 3);
  });
});
