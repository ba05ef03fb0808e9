import { PorticoError } from '../domain/errors.ts';
import type { Point } from '../domain/face.ts';
import { assertSameLength } from './shape-check.ts';

/**
 * Rotation, uniform scale and shift of the plane, without reflection:
 * x' = a x - b y + dx, y' = b x + a y + dy.
 */
export interface SimilarityTransform {
  readonly a: number;
  readonly b: number;
  readonly dx: number;
  readonly dy: number;
}

export const IDENTITY_TRANSFORM: SimilarityTransform = { a: 1, b: 0, dx: 0, dy: 0 };

export function transformPoint(transform: SimilarityTransform, point: Point): Point {
  const { a, b, dx, dy } = transform;
  return {
    xPx: a * point.xPx - b * point.yPx + dx,
    yPx: b * point.xPx + a * point.yPx + dy,
  };
}

/** Length of a unit vector after the transform; > 0 unless degenerate. */
export const scaleOf = (transform: SimilarityTransform): number =>
  Math.hypot(transform.a, transform.b);

/** @throws PORTICO_NUMERIC_SHAPE for a transform of scale zero, which has no inverse */
export function invertTransform(transform: SimilarityTransform): SimilarityTransform {
  const { a, b, dx, dy } = transform;
  const square = a * a + b * b;
  if (!(square > 0)) throw degenerate('a similarity of scale zero has no inverse');
  const inverseA = a / square;
  const inverseB = -b / square;
  return {
    a: inverseA,
    b: inverseB,
    dx: -(inverseA * dx - inverseB * dy),
    dy: -(inverseB * dx + inverseA * dy),
  };
}

/** The transform that applies `first`, then `second`. */
export function composeTransforms(
  first: SimilarityTransform,
  second: SimilarityTransform,
): SimilarityTransform {
  return {
    a: second.a * first.a - second.b * first.b,
    b: second.b * first.a + second.a * first.b,
    dx: second.a * first.dx - second.b * first.dy + second.dx,
    dy: second.b * first.dx + second.a * first.dy + second.dy,
  };
}

/**
 * The similarity that brings `from` nearest to `to` in the least-squares sense.
 * @param from  at least two distinct points
 * @param to    as many points
 * @throws PORTICO_NUMERIC_SHAPE if the counts differ or the points of `from` coincide
 * Source: normal equations of the linear problem in (a, b, dx, dy); the reflection-free case of Umeyama 1991.
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): SimilarityTransform {
  assertSameLength('fitSimilarity', from.length, to.length);
  const fromMean = centroid(from);
  const toMean = centroid(to);
  let along = 0;
  let across = 0;
  let spread = 0;
  for (let index = 0; index < from.length; index += 1) {
    const fromX = from[index]!.xPx - fromMean.xPx;
    const fromY = from[index]!.yPx - fromMean.yPx;
    const toX = to[index]!.xPx - toMean.xPx;
    const toY = to[index]!.yPx - toMean.yPx;
    along += fromX * toX + fromY * toY;
    across += fromX * toY - fromY * toX;
    spread += fromX * fromX + fromY * fromY;
  }
  if (!(spread > 0)) throw degenerate('a similarity cannot be fitted to coinciding points');
  const a = along / spread;
  const b = across / spread;
  return {
    a,
    b,
    dx: toMean.xPx - (a * fromMean.xPx - b * fromMean.yPx),
    dy: toMean.yPx - (b * fromMean.xPx + a * fromMean.yPx),
  };
}

function centroid(points: readonly Point[]): Point {
  let xPx = 0;
  let yPx = 0;
  for (const point of points) {
    xPx += point.xPx;
    yPx += point.yPx;
  }
  return { xPx: xPx / points.length, yPx: yPx / points.length };
}

function degenerate(message: string): PorticoError {
  return new PorticoError('PORTICO_NUMERIC_SHAPE', {
    message,
    remedy: 'This is a defect in Portico or a broken model; please report it with the log.',
  });
}
