import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CubicMapFit } from '../../../src/numeric/cubic-map-fit.ts';
import { HomographyFit } from '../../../src/numeric/homography-fit.ts';
import { seededRandom } from '../../../src/numeric/random.ts';
import { similarityMotion } from '../../../src/numeric/similarity-motion.ts';

const COUNT = 60;

function scattered(seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: 2 * COUNT }, () => 40 + 200 * random());
}

function mapped(
  points: Float64Array,
  map: (x: number, y: number) => readonly [number, number],
): Float64Array {
  const result = new Float64Array(points.length);
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = map(points[at]!, points[at + 1]!);
    result[at] = x;
    result[at + 1] = y;
  }
  return result;
}

/** A picture tilted before the camera. */
const homography = (x: number, y: number): readonly [number, number] => {
  const depth = 1 + 0.001 * x - 0.0006 * y;
  return [(1.1 * x + 0.2 * y + 7) / depth, (-0.1 * x + 0.9 * y - 3) / depth];
};
/** A picture on a bent surface. */
const bend = (x: number, y: number): readonly [number, number] => [
  x + 0.001 * (x - 140) ** 2,
  y + 0.0005 * (x - 140) * (y - 140),
];

const rootMean = (squares: Float64Array): number =>
  Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);

describe('HomographyFit', () => {
  it('leaves nothing of a motion that is a homography', () => {
    const fit = new HomographyFit(COUNT);
    const points = scattered(1);
    assert.equal(fit.fit(points, mapped(points, homography)), true);
    assert.ok(rootMean(fit.residuals) < 1e-4);
  });

  it('leaves much of a bend, in pixels of the second picture', () => {
    const fit = new HomographyFit(COUNT);
    const points = scattered(2);
    assert.equal(fit.fit(points, mapped(points, bend)), true);
    assert.ok(rootMean(fit.residuals) > 0.5);
  });

  it('finds the point that does not go with the others', () => {
    const fit = new HomographyFit(COUNT);
    const points = scattered(3);
    const moved = mapped(points, homography);
    moved[2 * 17]! += 9;
    fit.fit(points, moved);
    assert.equal(fit.residuals.indexOf(Math.max(...fit.residuals)), 17);
  });

  it('refuses points that coincide or are no numbers, and works on afterwards', () => {
    const fit = new HomographyFit(COUNT);
    const points = scattered(4);
    assert.equal(fit.fit(new Float64Array(2 * COUNT), points), false);
    assert.equal(fit.fit(points, new Float64Array(2 * COUNT).fill(Number.NaN)), false);
    assert.equal(fit.fit(points, mapped(points, homography)), true);
    assert.ok(rootMean(fit.residuals) < 1e-4);
  });
});

describe('CubicMapFit', () => {
  it('follows a bend that a homography cannot', () => {
    const fit = new CubicMapFit(COUNT);
    const points = scattered(5);
    assert.ok(fit.meanSquare(points, mapped(points, bend)) < 1e-6);
  });

  it('leaves what no smooth surface explains', () => {
    const fit = new CubicMapFit(COUNT);
    const points = scattered(6);
    const random = seededRandom(7);
    const jittered = points.map((value) => value + 4 * (random() - 0.5));
    assert.ok(fit.meanSquare(points, jittered) > 1);
  });

  it('says NaN where there is nothing to fit', () => {
    const fit = new CubicMapFit(COUNT);
    assert.ok(Number.isNaN(fit.meanSquare(new Float64Array(2 * COUNT), scattered(8))));
  });
});

describe('similarityMotion', () => {
  it('reads shift and scale off a similarity and leaves nothing', () => {
    const points = scattered(9);
    const motion = similarityMotion(
      points,
      mapped(points, (x, y) => [1.2 * x, 1.2 * y]),
    );
    assert.ok(Math.abs(motion.scale - 1.2) < 1e-9);
    assert.ok(motion.meanSquare < 1e-9);
    const away = similarityMotion(
      points,
      mapped(points, (x, y) => [x + 3, y + 4]),
    );
    assert.ok(Math.abs(away.shift - 5) < 1e-9);
  });

  it('leaves the change of shape', () => {
    const points = scattered(10);
    const motion = similarityMotion(
      points,
      mapped(points, (x, y) => [x, 1.3 * y]),
    );
    assert.ok(motion.meanSquare > 10);
  });

  it('says NaN for points that coincide', () => {
    const motion = similarityMotion(new Float64Array(8), Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    assert.ok(Number.isNaN(motion.shift) && Number.isNaN(motion.scale));
  });
});
