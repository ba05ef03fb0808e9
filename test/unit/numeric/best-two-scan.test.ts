import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type BestTwo, scanBestTwo } from '../../../src/numeric/best-two-scan.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { RowProducts } from '../../../src/numeric/row-products.ts';

function productsOf(rows: readonly (readonly number[])[]): RowProducts {
  const products = new RowProducts(rows.length, rows[0]?.length ?? 1);
  for (const [row, values] of rows.entries()) products.setRow(row, Float32Array.from(values));
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
    assert.equal(products.exact(1, Float32Array.of(3, 4)), 11);
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
  it('is never farther off than it says, for rows of any length', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 31, 32, 33, 128, 512, 1_024),
        fc.integer(),
        fc.double({ min: 1, max: 40, noNaN: true }),
        (dimension, seed, peak) => {
          const random = seededRandom(seed);
          // One number far above the others is the worst that can be rounded.
          const drawn = (): Float32Array => {
            const values = Float32Array.from({ length: dimension }, () => random() - 0.5);
            values[Math.floor(random() * dimension)] = peak * (random() - 0.5);
            const norm = Math.hypot(...values);
            return values.map((value) => value / norm);
          };
          const products = new RowProducts(4, dimension);
          for (let row = 0; row < 4; row += 1) products.setRow(row, drawn());
          const probe = drawn();
          products.multiply(probe, 4);
          for (let row = 0; row < 4; row += 1) {
            const off = Math.abs(products.similarity(row) - products.exact(row, probe));
            assert.ok(off <= products.bound(row), `${off} of ${products.bound(row)}`);
            assert.ok(products.bound(row) < 0.1);
          }
        },
      ),
    );
  });

  it('holds the largest sums that there are', () => {
    const dimension = 2_048;
    const equal = new Float32Array(dimension).fill(1 / Math.sqrt(dimension));
    const products = new RowProducts(1, dimension);
    products.setRow(0, equal);
    products.multiply(equal, 1);
    assert.ok(Math.abs(products.similarity(0) - 1) < 1e-3);
  });

  it('takes over rows of another matrix as they are', () => {
    const from = productsOf([
      [1, 0],
      [0.6, 0.8],
      [0, 1],
    ]);
    const to = new RowProducts(2, 2);
    to.copyRows(from, 1, 3, 0);
    const probe = Float32Array.of(0, 1);
    to.multiply(probe, 2);
    from.multiply(probe, 3);
    for (const row of [0, 1]) {
      assert.equal(to.similarity(row), from.similarity(row + 1));
      assert.equal(to.bound(row), from.bound(row + 1));
      assert.equal(to.exact(row, probe), from.exact(row + 1, probe));
    }
  });

  it('forgets the probe before', () => {
    const products = productsOf([[0.6, 0.8]]);
    products.multiply(Float32Array.of(0.6, 0.8), 1);
    products.multiply(Float32Array.of(1), 1);
    assert.ok(Math.abs(products.similarity(0) - 0.6) < products.bound(0));
  });

  it('finds nobody for a probe that is not a number', () => {
    const best = { firstRow: 9, firstSimilarity: 9, secondRow: 9, secondSimilarity: 9 };
    const products = productsOf([[1, 0]]);
    scanBestTwo(products, Int32Array.of(0), 1, Float32Array.of(Number.NaN, 1), best);
    assert.equal(best.firstRow, -1);
  });
});
