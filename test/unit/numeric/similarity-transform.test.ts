import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Point } from '../../../src/domain/face.ts';
import {
  composeTransforms,
  fitSimilarity,
  IDENTITY_TRANSFORM,
  invertTransform,
  type SimilarityTransform,
  scaleOf,
  transformPoint,
} from '../../../src/numeric/similarity-transform.ts';

const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
const aPoint: fc.Arbitrary<Point> = fc.record({ xPx: coordinate, yPx: coordinate });
const aTransform: fc.Arbitrary<SimilarityTransform> = fc
  .record({
    angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    scale: fc.double({ min: 0.05, max: 20, noNaN: true }),
    dx: coordinate,
    dy: coordinate,
  })
  .map(({ angle, scale, dx, dy }) => ({
    a: Math.cos(angle) * scale,
    b: Math.sin(angle) * scale,
    dx,
    dy,
  }));

function assertNear(actual: Point, expected: Point, tolerance = 1e-6): void {
  const apart = Math.hypot(actual.xPx - expected.xPx, actual.yPx - expected.yPx);
  assert.ok(
    apart <= tolerance,
    `${JSON.stringify(actual)} is ${apart} from ${JSON.stringify(expected)}`,
  );
}

describe('transformPoint', () => {
  it('turns by a quarter, doubles and shifts as worked by hand', () => {
    const turned = transformPoint({ a: 0, b: 2, dx: 10, dy: 20 }, { xPx: 3, yPx: 1 });
    assert.deepEqual(turned, { xPx: 8, yPx: 26 });
  });
});

describe('invertTransform', () => {
  it('undoes the transform', () => {
    fc.assert(
      fc.property(aTransform, aPoint, (transform, point) => {
        const there = transformPoint(transform, point);
        assertNear(transformPoint(invertTransform(transform), there), point, 1e-6);
      }),
    );
  });

  it('refuses a transform that collapses the plane', () => {
    assert.throws(() => invertTransform({ a: 0, b: 0, dx: 1, dy: 1 }), {
      code: 'PORTICO_NUMERIC_SHAPE',
    });
  });
});

describe('composeTransforms', () => {
  it('applies the first, then the second', () => {
    fc.assert(
      fc.property(aTransform, aTransform, aPoint, (first, second, point) => {
        const stepwise = transformPoint(second, transformPoint(first, point));
        assertNear(transformPoint(composeTransforms(first, second), point), stepwise, 1e-5);
      }),
    );
  });

  it('has the identity as neutral element', () => {
    const transform = { a: 1.5, b: -0.5, dx: 3, dy: 4 };
    assert.deepEqual(composeTransforms(IDENTITY_TRANSFORM, transform), transform);
  });
});

describe('fitSimilarity', () => {
  const threePoints = fc
    .tuple(aPoint, aPoint, aPoint)
    .filter(([first, second]) => Math.hypot(first.xPx - second.xPx, first.yPx - second.yPx) > 1);

  it('finds the transform that made the points', () => {
    fc.assert(
      fc.property(aTransform, threePoints, (transform, points) => {
        const moved = points.map((point) => transformPoint(transform, point));
        const fitted = fitSimilarity(points, moved);
        for (const [index, point] of points.entries()) {
          assertNear(transformPoint(fitted, point), moved[index]!, 1e-5);
        }
        assert.ok(Math.abs(scaleOf(fitted) - scaleOf(transform)) < 1e-6);
      }),
    );
  });

  it('leaves a smaller squared error than any nearby transform', () => {
    const from = [
      { xPx: 0, yPx: 0 },
      { xPx: 10, yPx: 0 },
      { xPx: 0, yPx: 10 },
    ];
    const to = [
      { xPx: 1, yPx: 2 },
      { xPx: 22, yPx: 3 },
      { xPx: -3, yPx: 19 },
    ];
    const errorOf = (transform: SimilarityTransform): number =>
      from.reduce((sum, point, index) => {
        const moved = transformPoint(transform, point);
        return sum + (moved.xPx - to[index]!.xPx) ** 2 + (moved.yPx - to[index]!.yPx) ** 2;
      }, 0);
    const best = fitSimilarity(from, to);
    for (const key of ['a', 'b', 'dx', 'dy'] as const) {
      for (const nudge of [-0.01, 0.01]) {
        assert.ok(errorOf({ ...best, [key]: best[key] + nudge }) > errorOf(best));
      }
    }
  });

  it('refuses coinciding points', () => {
    const same = [
      { xPx: 4, yPx: 4 },
      { xPx: 4, yPx: 4 },
    ];
    assert.throws(() => fitSimilarity(same, same), { code: 'PORTICO_NUMERIC_SHAPE' });
  });
});
