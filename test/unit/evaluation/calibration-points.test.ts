import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PorticoError } from '../../../src/domain/errors.ts';
import { allComparisons, type KnownSample } from '../../../src/evaluation/all-comparisons.ts';
import { calibrationCurve } from '../../../src/evaluation/calibration-points.ts';
import { fitNonMatedTail, tailFmr, tailThreshold } from '../../../src/evaluation/non-mated-tail.ts';
import { resampledFmr, resampledFnmr } from '../../../src/evaluation/resampled-rates.ts';
import { l2NormalizeInPlace } from '../../../src/numeric/linear-algebra.ts';
import { type RandomSource, seededRandom } from '../../../src/numeric/random.ts';

const DIMENSION = 24;
const vector = (random: RandomSource, spread: number): Float32Array =>
  Float32Array.from(
    { length: DIMENSION },
    () => spread * (random() + random() + random() + random() - 2),
  );

/** People as random directions, their pictures as the direction with noise. */
function crowd(people: number, pictures: number): KnownSample[] {
  const random = seededRandom(3);
  return Array.from({ length: people }, (_, person) => {
    const centre = vector(random, 1);
    return Array.from({ length: pictures }, () => {
      const noise = vector(random, 0.4);
      const embedding = l2NormalizeInPlace(
        centre.map((value, index) => value + (noise[index] ?? 0)),
      );
      return { person: `p${person}`, embedding };
    });
  }).flat();
}

const comparisons = allComparisons(crowd(120, 4));
const once = new Uint32Array(120).fill(1);

describe('allComparisons', () => {
  it('compares every picture with every other once', () => {
    assert.equal(comparisons.people, 120);
    assert.equal(comparisons.mated.similarity.length, 120 * 6);
    assert.equal(comparisons.nonMated.similarity.length, (480 * 479) / 2 - 720);
  });

  it('remembers who was compared', () => {
    const { leftPerson, rightPerson } = comparisons.mated;
    assert.deepEqual(leftPerson, rightPerson);
    assert.ok(
      comparisons.nonMated.leftPerson.every(
        (person, at) => person !== comparisons.nonMated.rightPerson[at],
      ),
    );
  });
});

describe('resampled rates', () => {
  it('are the plain rates when everybody is drawn once', () => {
    const { similarity } = comparisons.nonMated;
    const plain = similarity.filter((value) => value >= 0.5).length / similarity.length;
    assert.ok(Math.abs(resampledFmr(comparisons, 0.5)(once) - plain) < 1e-12);
    const mated = comparisons.mated.similarity;
    const missed = mated.filter((value) => value < 0.7).length / mated.length;
    assert.ok(Math.abs(resampledFnmr(comparisons, 0.7)(once) - missed) < 1e-12);
  });

  it('see only the people who were drawn', () => {
    const two = new Uint32Array(120);
    two[3] = 1;
    two[5] = 2;
    // Four by four comparisons of persons 3 and 5, each twice; of those, the ones above.
    const { similarity, leftPerson, rightPerson } = comparisons.nonMated;
    const ofBoth = similarity.filter((_, at) => leftPerson[at] === 3 && rightPerson[at] === 5);
    assert.equal(ofBoth.length, 16);
    const expected = ofBoth.filter((value) => value >= 0).length / 16;
    assert.ok(Math.abs(resampledFmr(comparisons, 0)(two) - expected) < 1e-12);
    assert.ok(Number.isNaN(resampledFmr(comparisons, 0)(new Uint32Array(120))));
  });
});

describe('calibrationCurve', () => {
  const { points, tail } = calibrationCurve(comparisons);

  it('falls in rate and rises in threshold from lenient to strict', () => {
    for (const [index, point] of points.entries()) {
      const before = points[index - 1];
      if (before === undefined) continue;
      assert.ok(point.fmr < before.fmr && point.threshold > before.threshold);
      assert.ok(point.fnmr >= before.fnmr);
    }
  });

  it('calls a rate measured only where ten false matches back it', () => {
    // 114,240 non-mated comparisons: 1e-4 is eleven of them, 1e-5 one.
    assert.deepEqual(
      points.map(({ extrapolated }) => extrapolated),
      [false, false, false, true, true, true, true],
    );
    assert.equal(points[2]?.fmr, 11 / 114_240);
  });

  it('gives intervals that hold the rate and are no narrower than the exact one', () => {
    for (const point of points) {
      assert.ok(point.fmrInterval[0] <= point.fmr && point.fmr <= point.fmrInterval[1]);
      if (point.extrapolated) continue;
      assert.ok(point.fmrInterval[0] <= point.exactInterval[0]);
      assert.ok(point.fmrInterval[1] >= point.exactInterval[1]);
    }
  });

  it('extends the curve by a tail that is continuous with what was counted', () => {
    assert.ok(Math.abs(tailFmr(tail, tail.from) - tail.share) < 1e-12);
    assert.ok(Math.abs(tailFmr(tail, tailThreshold(tail, 1e-7)) - 1e-7) < 1e-12);
  });

  it('never claims that two people could not be more alike than those it saw', () => {
    const { shape, scale } = tail.law;
    const end = shape < 0 ? tail.from - scale / shape : Number.POSITIVE_INFINITY;
    assert.ok(end >= 1 - 1e-12);
    assert.ok(points.every(({ threshold }) => threshold <= 1));
  });

  it('refuses too small a crowd', () => {
    assert.throws(() => calibrationCurve(allComparisons(crowd(4, 2))), PorticoError);
    assert.throws(() => fitNonMatedTail(comparisons, 0.999), PorticoError);
  });
});
