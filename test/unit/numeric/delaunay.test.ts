import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { delaunay } from '../../../src/numeric/delaunay.ts';
import { seededRandom } from '../../../src/numeric/random.ts';

function scattered(count: number, seed: number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: 2 * count }, () => 100 * random());
}

const corner = (points: Float64Array, index: number): [number, number] => [
  points[2 * index]!,
  points[2 * index + 1]!,
];

/** Twice the area, with its sign. */
function area(a: readonly number[], b: readonly number[], c: readonly number[]): number {
  return (b[0]! - a[0]!) * (c[1]! - a[1]!) - (c[0]! - a[0]!) * (b[1]! - a[1]!);
}

/** > 0 when d is inside the circle through a, b, c. */
function inCircle(points: Float64Array, [a, b, c]: readonly number[], d: number): number {
  const [dx, dy] = corner(points, d);
  const [p, q, r] = [a!, b!, c!].map((index) => {
    const [x, y] = corner(points, index);
    return [x - dx, y - dy, (x - dx) ** 2 + (y - dy) ** 2] as const;
  });
  const value =
    p![0] * (q![1] * r![2] - q![2] * r![1]) -
    p![1] * (q![0] * r![2] - q![2] * r![0]) +
    p![2] * (q![0] * r![1] - q![1] * r![0]);
  return value * Math.sign(area(corner(points, a!), corner(points, b!), corner(points, c!)));
}

describe('delaunay', () => {
  it('leaves no point inside the circle of a triangle', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 40 }), fc.nat(10_000), (count, seed) => {
        const points = scattered(count, seed);
        const triangles = delaunay(points);
        for (let at = 0; at < triangles.length; at += 3) {
          const corners = [...triangles.subarray(at, at + 3)];
          for (let other = 0; other < count; other += 1) {
            if (corners.includes(other)) continue;
            assert.ok(inCircle(points, corners, other) < 1e-3);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('covers the square that its points span', () => {
    const points = Float64Array.from([
      0,
      0,
      10,
      0,
      10,
      10,
      0,
      10,
      ...scattered(60, 1).map((v) => v / 11 + 0.3),
    ]);
    const triangles = delaunay(points);
    let total = 0;
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = [...triangles.subarray(at, at + 3)].map((index) => corner(points, index));
      total += Math.abs(area(a!, b!, c!)) / 2;
    }
    assert.ok(Math.abs(total - 100) < 1e-6);
  });
});
