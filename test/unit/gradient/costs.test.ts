import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { evaluation } from '../../../src/gradient/check/evaluate.ts';
import { contentCost } from '../../../src/gradient/costs/content-cost.ts';
import { gramMatrix } from '../../../src/gradient/costs/gram-matrix.ts';
import { styleCost } from '../../../src/gradient/costs/style-cost.ts';
import { totalVariation } from '../../../src/gradient/costs/total-variation.ts';
import { tripletCost } from '../../../src/gradient/costs/triplet-cost.ts';
import { type GraphBuilder, graphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';

/** What a cost gives, in double precision. */
function valuesOf(build: (g: GraphBuilder) => Value): readonly number[] {
  const g = graphBuilder('cost');
  g.output('y', build(g));
  return [...(evaluation(g.build()).run(new Map()).get('y')?.data ?? [])];
}
const constant = (g: GraphBuilder, shape: readonly number[], values: readonly number[]) =>
  g.constant(shape, Float32Array.from(values));
const close = (found: readonly number[], expected: readonly number[]) => {
  assert.equal(found.length, expected.length);
  found.forEach((value, index) => {
    const wanted = expected[index] ?? Number.NaN;
    assert.ok(Math.abs(value - wanted) < 1e-6, `${value} is not ${wanted}`);
  });
};

describe('gramMatrix', () => {
  it('multiplies features with each other and divides by the places', () => {
    // A = [[1, 2, 3], [4, 5, 6]] over 1 x 3 places: A A^T = [[14, 32], [32, 77]].
    const gram = valuesOf((g) => gramMatrix(g, constant(g, [1, 2, 1, 3], [1, 2, 3, 4, 5, 6])));
    close(gram, [14 / 3, 32 / 3, 32 / 3, 77 / 3]);
  });

  it('is symmetric with no negative on the diagonal, and blind to where features are', () => {
    const value = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 12, maxLength: 12 }), (values) => {
        const gramOf = (features: readonly number[]) =>
          valuesOf((g) => gramMatrix(g, constant(g, [1, 3, 2, 2], features)));
        const gram = gramOf(values);
        for (const row of [0, 1, 2]) {
          assert.ok((gram[4 * row] ?? -1) >= 0);
          for (const column of [0, 1, 2]) {
            assert.equal(gram[3 * row + column], gram[3 * column + row]);
          }
        }
        const turned = [0, 4, 8].flatMap((start) => values.slice(start, start + 4).toReversed());
        close(gramOf(turned), gram);
      }),
    );
  });
});

describe('contentCost', () => {
  it('is the squared difference over the content, and zero for the content itself', () => {
    const cost = (generated: readonly number[]) =>
      valuesOf((g) =>
        contentCost(g, constant(g, [1, 1, 1, 3], [1, 2, 2]), constant(g, [1, 1, 1, 3], generated)),
      );
    close(cost([1, 2, 2]), [0]);
    close(cost([0, 0, 0]), [1]);
    close(cost([1, 2, 5]), [1]);
  });
});

describe('styleCost', () => {
  it('adds the layers by their weights', () => {
    const layer = (g: GraphBuilder, style: number, weight: number) => ({
      style: constant(g, [1, 1], [style]),
      // One feature, 1 and 3, over two places: the Gram matrix is 5.
      generated: constant(g, [1, 1, 1, 2], [1, 3]),
      weight,
    });
    close(
      valuesOf((g) => styleCost(g, [layer(g, 5, 1), layer(g, 4, 2), layer(g, 10, 0.5)])),
      [2 * (1 / 16) + 0.5 * (25 / 100)],
    );
  });
});

describe('totalVariation', () => {
  it('is the mean squared step across plus that down', () => {
    // Across: 1, -2; down: 3, 0.
    const pixels = [0, 1, 3, 1];
    close(
      valuesOf((g) => totalVariation(g, constant(g, [1, 1, 2, 2], pixels))),
      [(1 + 4) / 2 + (9 + 0) / 2],
    );
  });
});

describe('tripletCost', () => {
  it('counts how far the negative is inside the margin, and nothing beyond it', () => {
    const cost = (negative: readonly number[]) =>
      valuesOf((g) =>
        tripletCost(g, {
          anchor: constant(g, [2, 2], [1, 0, 1, 0]),
          positive: constant(g, [2, 2], [0, 1, 1, 0]),
          negative: constant(g, [2, 2], negative),
          margin: 0.5,
        }),
      );
    // |A - P|^2 is 2 and 0; |A - N|^2 is 4 and 4: nothing left but 0 and 0.
    close(cost([-1, 0, -1, 0]), [0]);
    // |A - N|^2 is 0 and 0: 2.5 and 0.5.
    close(cost([1, 0, 1, 0]), [1.5]);
  });
});
