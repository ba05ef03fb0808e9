/** A slope with the bounds between which it lies with 95 % confidence, if the points err independently. */
export interface RobustSlope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

const NORMAL_95 = 1.96;

/**
 * The median of the slopes between all pairs of points, and Sen's interval from the variance of Kendall's statistic.
 * P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", J. Am. Stat. Assoc. 63, 1968.
 * @param points  (x, y), all x different
 */
export function theilSen(points: readonly (readonly [number, number])[]): RobustSlope {
  const slopes = points
    .flatMap(([x0, y0], index) => points.slice(index + 1).map(([x1, y1]) => (y1 - y0) / (x1 - x0)))
    .sort((left, right) => left - right);
  const count = points.length;
  const spread = NORMAL_95 * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const at = (rank: number): number =>
    slopes[Math.max(0, Math.min(slopes.length - 1, Math.round(rank)))] ?? Number.NaN;
  return {
    slope: at((slopes.length - 1) / 2),
    low: at((slopes.length - spread) / 2 - 1),
    high: at((slopes.length + spread) / 2),
  };
}
