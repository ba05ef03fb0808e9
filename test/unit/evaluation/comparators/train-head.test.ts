import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PorticoError } from '../../../../src/domain/errors.ts';
import { allComparisons } from '../../../../src/evaluation/all-comparisons.ts';
import { areaUnderRoc } from '../../../../src/evaluation/area-under-roc.ts';
import { type Compare, FIXED } from '../../../../src/evaluation/comparators/comparator.ts';
import {
  compareByHead,
  fitComparisonHead,
} from '../../../../src/evaluation/comparators/comparison-head.ts';
import { trainHead, trainingPairs } from '../../../../src/evaluation/comparators/train-head.ts';
import { madeUpPeople } from '../../../helpers/made-up-people.ts';

const DRAWN = { picturesEach: 4, telling: 6, idle: 18, noise: 1.2 };
const learners = madeUpPeople({ ...DRAWN, people: 40 });
const strangers = madeUpPeople({ ...DRAWN, people: 30, from: 500 });

const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function areaOf(compare: Compare): number {
  const { mated, nonMated } = allComparisons(strangers, compare);
  return areaUnderRoc([...mated.similarity], [...nonMated.similarity]);
}

describe('a comparator that learns', () => {
  for (const features of ['absolute-difference', 'chi-square'] as const) {
    it(`${features}: finds the components that tell people apart, and beats the cosine there`, () => {
      const { head, pairs } = trainHead(learners, features);
      assert.equal(pairs, trainingPairs(learners).length);
      const telling = head.weights.subarray(0, DRAWN.telling);
      const idle = head.weights.subarray(DRAWN.telling);
      // A difference speaks against the same person.
      assert.ok(mean(telling) < 3 * mean(idle) && mean(telling) < 0);
      const [learned, cosine] = [areaOf(compareByHead(head)), areaOf(FIXED.cosine)];
      assert.ok(learned > cosine + 0.02, `${learned} against ${cosine}`);
    });
  }

  it('learns from pairs of both kinds or not at all', () => {
    const mated = trainingPairs(learners).filter((pair) => pair.mated);
    assert.throws(
      () => fitComparisonHead(mated, 'chi-square', 1),
      (error: unknown) => error instanceof PorticoError && /both kinds/.test(error.message),
    );
  });

  it('draws the same pairs each time, about two non-mated ones for each mated', () => {
    const pairs = trainingPairs(learners);
    const mated = pairs.filter((pair) => pair.mated).length;
    assert.equal(mated, (40 * 4 * 3) / 2);
    assert.ok(pairs.length - mated > 1.8 * mated && pairs.length <= 3 * mated);
    assert.deepEqual(trainingPairs(learners), pairs);
  });
});

describe('comparators without anything to learn', () => {
  it('order unit vectors alike: squared distance is 2 - 2 cos', () => {
    const [first, second] = strangers;
    assert.ok(first !== undefined && second !== undefined);
    const cosine = FIXED.cosine(first.embedding, second.embedding);
    const distance = -FIXED['squared-euclidean'](first.embedding, second.embedding);
    assert.ok(Math.abs(distance - (2 - 2 * cosine)) < 1e-6);
    assert.equal(areaOf(FIXED['squared-euclidean']).toFixed(9), areaOf(FIXED.cosine).toFixed(9));
  });
});
