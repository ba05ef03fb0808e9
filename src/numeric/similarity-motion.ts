/** How one set of points moved to another, taken for a rigid motion of the plane with a change of size. */
export interface SimilarityMotion {
  /** Distance between the centroids, in the points' unit. */
  readonly shift: number;
  /** Size after over size before; > 0. */
  readonly scale: number;
  /** What the motion leaves unexplained: mean squared distance, in the square of the points' unit. */
  readonly meanSquare: number;
}

/**
 * The least-squares similarity between two sets of points, without reflection.
 * @param from  (N, 2) float64
 * @param to    (N, 2) float64
 * @returns NaN throughout when the points of `from` coincide or are not finite
 * Source: the complex form of Umeyama 1991: z' = c z, c = sum(conj(z) z') / sum |z|^2
 */
export function similarityMotion(from: Float64Array, to: Float64Array): SimilarityMotion {
  const count = from.length / 2;
  const [fromX, fromY] = centroid(from);
  const [toX, toY] = centroid(to);
  let along = 0;
  let across = 0;
  let before = 0;
  let after = 0;
  for (let at = 0; at < from.length; at += 2) {
    const x = from[at]! - fromX;
    const y = from[at + 1]! - fromY;
    const u = to[at]! - toX;
    const v = to[at + 1]! - toY;
    along += x * u + y * v;
    across += x * v - y * u;
    before += x * x + y * y;
    after += u * u + v * v;
  }
  const explained = (along * along + across * across) / before;
  return {
    shift: before > 0 ? Math.hypot(toX - fromX, toY - fromY) : Number.NaN,
    scale: Math.hypot(along, across) / before,
    // Rounding must not turn a perfect fit into a negative square; NaN stays NaN.
    meanSquare: Math.max(0, after - explained) / count,
  };
}

function centroid(points: Float64Array): readonly [number, number] {
  let x = 0;
  let y = 0;
  for (let at = 0; at < points.length; at += 2) {
    x += points[at]!;
    y += points[at + 1]!;
  }
  return [(2 * x) / points.length, (2 * y) / points.length];
}
