import { CentredPoints } from './centred-points.ts';
import { choleskySolveInPlace } from './cholesky.ts';

const UNKNOWNS = 8;
/** Keeps the equations solvable when the motion is too simple to need all eight unknowns. */
const RIDGE = 1e-9;

/**
 * Fits the homography that brings one set of points nearest to another: the only motion of the picture
 * of a flat thing. Memory is taken once; a fit of 468 points costs about a tenth of a millisecond.
 */
export class HomographyFit {
  /** (N) squared distance left after the last fit, in the square of the second set's unit. */
  readonly residuals: Float64Array;
  readonly #from: CentredPoints;
  readonly #to: CentredPoints;
  readonly #matrix = new Float64Array(UNKNOWNS * UNKNOWNS);
  readonly #solution = new Float64Array(UNKNOWNS);
  readonly #row = new Float64Array(UNKNOWNS);

  constructor(count: number) {
    this.residuals = new Float64Array(count);
    this.#from = new CentredPoints(count);
    this.#to = new CentredPoints(count);
  }

  /**
   * Least algebraic error with the last entry of the homography fixed at 1, on normalised points.
   * @param from  (N, 2) float64, N >= 4
   * @param to    (N, 2) float64
   * @returns false when there is no such homography; the residuals are then of no use
   * Source: Hartley and Zisserman, Multiple View Geometry, algorithm 4.2 in its inhomogeneous form
   */
  fit(from: Float64Array, to: Float64Array): boolean {
    if (!this.#from.set(from) || !this.#to.set(to)) return false;
    this.#matrix.fill(0);
    this.#solution.fill(0);
    const source = this.#from.coordinates;
    const target = this.#to.coordinates;
    for (let at = 0; at < source.length; at += 2) {
      const x = source[at]!;
      const y = source[at + 1]!;
      this.#addEquation(0, x, y, target[at]!);
      this.#addEquation(3, x, y, target[at + 1]!);
    }
    for (let k = 0; k < UNKNOWNS; k += 1) this.#matrix[k * UNKNOWNS + k]! += RIDGE;
    if (!choleskySolveInPlace(this.#matrix, this.#solution)) return false;
    this.#measure();
    return true;
  }

  /** One coordinate of one point: h[first..first+2] . (x, y, 1) - value (h6 x + h7 y) = value. */
  #addEquation(first: number, x: number, y: number, value: number): void {
    const row = this.#row.fill(0);
    row[first] = x;
    row[first + 1] = y;
    row[first + 2] = 1;
    row[6] = -value * x;
    row[7] = -value * y;
    for (let i = 0; i < UNKNOWNS; i += 1) {
      const factor = row[i]!;
      if (factor === 0) continue;
      this.#solution[i]! += factor * value;
      for (let k = 0; k <= i; k += 1) this.#matrix[i * UNKNOWNS + k]! += factor * row[k]!;
    }
  }

  #measure(): void {
    const h = this.#solution;
    const source = this.#from.coordinates;
    const target = this.#to.coordinates;
    const unit = this.#to.spread * this.#to.spread;
    for (let point = 0; point < this.residuals.length; point += 1) {
      const x = source[2 * point]!;
      const y = source[2 * point + 1]!;
      const depth = h[6]! * x + h[7]! * y + 1;
      const awayX = (h[0]! * x + h[1]! * y + h[2]!) / depth - target[2 * point]!;
      const awayY = (h[3]! * x + h[4]! * y + h[5]!) / depth - target[2 * point + 1]!;
      this.residuals[point] = unit * (awayX * awayX + awayY * awayY);
    }
  }
}
