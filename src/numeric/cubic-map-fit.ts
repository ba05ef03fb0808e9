import { CentredPoints } from './centred-points.ts';
import { choleskySolveInPlace } from './cholesky.ts';

/** 1, x, y and all products of them up to the third degree. */
const TERMS = 10;
const RIDGE = 1e-9;

/**
 * Fits x' and y' each as a polynomial of the third degree in x and y: the motion of a picture on a
 * surface that is gently bent, which a homography cannot follow. Memory is taken once.
 */
export class CubicMapFit {
  readonly #from: CentredPoints;
  readonly #to: CentredPoints;
  readonly #matrix = new Float64Array(TERMS * TERMS);
  readonly #scratch = new Float64Array(TERMS * TERMS);
  readonly #mapX = new Float64Array(TERMS);
  readonly #mapY = new Float64Array(TERMS);
  readonly #terms = new Float64Array(TERMS);

  constructor(count: number) {
    this.#from = new CentredPoints(count);
    this.#to = new CentredPoints(count);
  }

  /**
   * @param from  (N, 2) float64, N >= 10
   * @param to    (N, 2) float64
   * @returns mean squared distance left, in the square of the second set's unit; NaN without a fit
   */
  meanSquare(from: Float64Array, to: Float64Array): number {
    if (!this.#from.set(from) || !this.#to.set(to)) return Number.NaN;
    this.#accumulate();
    this.#scratch.set(this.#matrix);
    if (!choleskySolveInPlace(this.#scratch, this.#mapX)) return Number.NaN;
    this.#scratch.set(this.#matrix);
    if (!choleskySolveInPlace(this.#scratch, this.#mapY)) return Number.NaN;
    return this.#measure();
  }

  #accumulate(): void {
    this.#matrix.fill(0);
    this.#mapX.fill(0);
    this.#mapY.fill(0);
    const source = this.#from.coordinates;
    const target = this.#to.coordinates;
    for (let at = 0; at < source.length; at += 2) {
      this.#setTerms(source[at]!, source[at + 1]!);
      for (let i = 0; i < TERMS; i += 1) {
        const term = this.#terms[i]!;
        this.#mapX[i]! += term * target[at]!;
        this.#mapY[i]! += term * target[at + 1]!;
        for (let k = 0; k <= i; k += 1) this.#matrix[i * TERMS + k]! += term * this.#terms[k]!;
      }
    }
    for (let k = 0; k < TERMS; k += 1) this.#matrix[k * TERMS + k]! += RIDGE;
  }

  #measure(): number {
    const source = this.#from.coordinates;
    const target = this.#to.coordinates;
    let sum = 0;
    for (let at = 0; at < source.length; at += 2) {
      this.#setTerms(source[at]!, source[at + 1]!);
      let x = -target[at]!;
      let y = -target[at + 1]!;
      for (let i = 0; i < TERMS; i += 1) {
        x += this.#mapX[i]! * this.#terms[i]!;
        y += this.#mapY[i]! * this.#terms[i]!;
      }
      sum += x * x + y * y;
    }
    return (sum / (source.length / 2)) * this.#to.spread * this.#to.spread;
  }

  #setTerms(x: number, y: number): void {
    const terms = this.#terms;
    terms[0] = 1;
    terms[1] = x;
    terms[2] = y;
    terms[3] = x * x;
    terms[4] = x * y;
    terms[5] = y * y;
    terms[6] = x * x * x;
    terms[7] = x * x * y;
    terms[8] = x * y * y;
    terms[9] = y * y * y;
  }
}
