/** Points of the plane brought to mean 0 and root-mean-square distance 1 from it. */
export class CentredPoints {
  /** (N, 2) float64, x and y in turn. */
  readonly coordinates: Float64Array;
  /** What one unit of `coordinates` was before. */
  spread = 0;

  constructor(count: number) {
    this.coordinates = new Float64Array(2 * count);
  }

  /**
   * @param points  (N, 2) float64
   * @returns false when the points coincide or are not finite; the coordinates are then of no use
   * Source: the normalisation of Hartley 1997, with distance 1 instead of the square root of 2
   */
  set(points: Float64Array): boolean {
    const { coordinates } = this;
    const count = coordinates.length / 2;
    let meanX = 0;
    let meanY = 0;
    for (let at = 0; at < coordinates.length; at += 2) {
      meanX += points[at]!;
      meanY += points[at + 1]!;
    }
    meanX /= count;
    meanY /= count;
    let square = 0;
    for (let at = 0; at < coordinates.length; at += 2) {
      const x = points[at]! - meanX;
      const y = points[at + 1]! - meanY;
      coordinates[at] = x;
      coordinates[at + 1] = y;
      square += x * x + y * y;
    }
    this.spread = Math.sqrt(square / count);
    if (!(this.spread > 0 && Number.isFinite(this.spread))) return false;
    for (let at = 0; at < coordinates.length; at += 1) coordinates[at]! /= this.spread;
    return true;
  }
}
