import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitLogistic, type LogisticSample } from '../../../src/numeric/logistic-regression.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

/** Labels drawn with log-odds 0.5 + 2 x0 - 1 x1, and a third column that says nothing. */
function drawnSample(rows: number): LogisticSample {
  const random = seededRandom(11);
  const features = new Float64Array(rows * 3);
  const labels = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < 3; column += 1) {
      features[3 * row + column] = 2 * random() - 1;
    }
    const logit = 0.5 + 2 * features[3 * row]! - features[3 * row + 1]!;
    labels[row] = random() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
  }
  return { features, columns: 3, labels, weights: new Float64Array(rows).fill(1) };
}

describe('fitLogistic', () => {
  it('finds the weights that the labels were drawn with', () => {
    const { intercept, weights } = fitLogistic(drawnSample(20_000), 1e-3);
    const expected = [2, -1, 0];
    assert.ok(Math.abs(intercept - 0.5) < 0.1);
    for (const [index, weight] of weights.entries()) {
      assert.ok(Math.abs(weight - expected[index]!) < 0.1, `weight ${index} is ${weight}`);
    }
  });

  it('shrinks the weights, not the intercept, under a heavy penalty', () => {
    const sample = drawnSample(2_000);
    const share = sample.labels.reduce((sum, label) => sum + label, 0) / sample.labels.length;
    const { intercept, weights } = fitLogistic(sample, 1e7);
    assert.ok(weights.every((weight) => Math.abs(weight) < 1e-3));
    assert.ok(Math.abs(intercept - Math.log(share / (1 - share))) < 0.01);
  });

  it('stays finite when the classes separate', () => {
    const { intercept, weights } = fitLogistic(
      {
        features: Float64Array.of(-2, -1, 1, 2),
        columns: 1,
        labels: Float64Array.of(0, 0, 1, 1),
        weights: new Float64Array(4).fill(1),
      },
      0.1,
    );
    assert.ok(Number.isFinite(intercept) && weights[0]! > 0 && Number.isFinite(weights[0]!));
  });

  it('counts a row of weight two like the same row twice', () => {
    const once = fitLogistic(
      {
        features: Float64Array.of(-1, 0.5, 1),
        columns: 1,
        labels: Float64Array.of(0, 0, 1),
        weights: Float64Array.of(1, 2, 1),
      },
      0.5,
    );
    const twice = fitLogistic(
      {
        features: Float64Array.of(-1, 0.5, 0.5, 1),
        columns: 1,
        labels: Float64Array.of(0, 0, 0, 1),
        weights: new Float64Array(4).fill(1),
      },
      0.5,
    );
    assert.ok(Math.abs(once.intercept - twice.intercept) < 1e-6);
    assert.ok(Math.abs(once.weights[0]! - twice.weights[0]!) < 1e-6);
  });
});
