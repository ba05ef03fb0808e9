import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitLogisticByDescent } from '../../../src/numeric/logistic-descent.ts';
import { fitLogistic } from '../../../src/numeric/logistic-regression.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

const COLUMNS = 3;
const ROWS = 400;

/** Rows whose first column tells the label apart, the second weakly, the third not at all. */
function aSample() {
  const random = seededRandom(3);
  const labels = Uint8Array.from({ length: ROWS }, (_, row) => (row % 4 === 0 ? 1 : 0));
  const features = Float32Array.from({ length: ROWS * COLUMNS }, (_, at) => {
    const label = labels[Math.floor(at / COLUMNS)] ?? 0;
    const shift = [1, 0.3, 0][at % COLUMNS] ?? 0;
    return 2 * random() + shift * label + 5;
  });
  return { features, columns: COLUMNS, labels };
}

describe('fitLogisticByDescent', () => {
  it("finds what Newton's method finds", () => {
    const sample = aSample();
    const { features, labels } = sample;
    const penalty = 0.01;
    const found = fitLogisticByDescent(sample, penalty);
    // The same problem in Newton's terms: rows centred and scaled as the docstring says, labels balanced.
    const means = Float64Array.from({ length: COLUMNS }, (_, k) => {
      const column = features.filter((_value, at) => at % COLUMNS === k);
      return column.reduce((sum, value) => sum + value / ROWS, 0);
    });
    const centred = Float64Array.from(features, (value, at) => value - (means[at % COLUMNS] ?? 0));
    const scale = Math.sqrt(centred.reduce((sum, value) => sum + value ** 2, 0) / centred.length);
    const positives = labels.reduce((sum, label) => sum + label, 0);
    const expected = fitLogistic(
      {
        features: centred.map((value) => value / scale),
        columns: COLUMNS,
        labels: Float64Array.from(labels),
        weights: Float64Array.from(labels, (label) =>
          label === 1 ? 0.5 / positives : 0.5 / (ROWS - positives),
        ),
      },
      penalty,
    );
    for (const [k, weight] of found.weights.entries()) {
      assert.ok(Math.abs(weight * scale - (expected.weights[k] ?? 0)) < 1e-3, `weight ${k}`);
    }
    const atMeans = found.weights.reduce((sum, weight, k) => sum + weight * (means[k] ?? 0), 0);
    assert.ok(Math.abs(found.intercept + atMeans - expected.intercept) < 1e-3);
  });

  it('gives weight to what tells the labels apart', () => {
    const { weights } = fitLogisticByDescent(aSample(), 1e-3);
    assert.ok((weights[0] ?? 0) > 2 * (weights[1] ?? 0));
    assert.ok((weights[1] ?? 0) > Math.abs(weights[2] ?? 0));
  });

  it('hardly moves under a strong penalty, and stands a column that never varies', () => {
    const { weights } = fitLogisticByDescent(aSample(), 1e6);
    assert.ok(weights.every((weight) => Math.abs(weight) < 1e-5));
    const constant = { ...aSample(), features: new Float32Array(ROWS * COLUMNS).fill(2) };
    const flat = fitLogisticByDescent(constant, 1e-2);
    assert.ok(flat.weights.every(Number.isFinite) && Number.isFinite(flat.intercept));
  });
});
