import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quantile, subjectBootstrap } from '../../../src/evaluation/subject-bootstrap.ts';

/** Weighted mean of one value per person. */
const meanOf =
  (values: readonly number[]) =>
  (multiplicity: Uint32Array): number => {
    let sum = 0;
    let weight = 0;
    for (const [index, value] of values.entries()) {
      sum += value * (multiplicity[index] ?? 0);
      weight += multiplicity[index] ?? 0;
    }
    return sum / weight;
  };

describe('subjectBootstrap', () => {
  const values = Array.from({ length: 100 }, (_, index) => (index % 10) / 10);
  const options = { subjects: values.length, resamples: 500, seed: 7 };

  it('draws as many people as there are, each time', () => {
    subjectBootstrap((multiplicity) => {
      assert.equal(
        multiplicity.reduce((sum, count) => sum + count, 0),
        100,
      );
      return 0;
    }, options);
  });

  it('gives the interval that the normal approximation expects of a mean', () => {
    const [low, high] = subjectBootstrap(meanOf(values), options);
    // Mean 0.45, standard deviation 0.287, so 1.96 standard errors are 0.056.
    assert.ok(Math.abs(low - (0.45 - 0.056)) < 0.012, `${low}`);
    assert.ok(Math.abs(high - (0.45 + 0.056)) < 0.012, `${high}`);
  });

  it('repeats itself for one seed and differs for another', () => {
    const first = subjectBootstrap(meanOf(values), options);
    assert.deepEqual(subjectBootstrap(meanOf(values), options), first);
    assert.notDeepEqual(subjectBootstrap(meanOf(values), { ...options, seed: 8 }), first);
  });

  it('leaves out resamples in which the statistic is undefined', () => {
    const [low, high] = subjectBootstrap(
      (multiplicity) => (multiplicity[0] === 0 ? Number.NaN : 1),
      options,
    );
    assert.deepEqual([low, high], [1, 1]);
  });
});

describe('quantile', () => {
  it('is linear between order statistics', () => {
    const values = Float64Array.of(0, 1, 2, 3);
    assert.equal(quantile(values, 0), 0);
    assert.equal(quantile(values, 0.5), 1.5);
    assert.equal(quantile(values, 1), 3);
  });
});
