import { choleskySolveInPlace } from './cholesky.ts';

/** Rows to learn from. */
export interface LogisticSample {
  /** (R, C) float64, row-major, best centred and scaled. */
  readonly features: Float64Array;
  readonly columns: number;
  /** (R) 0 or 1. */
  readonly labels: Float64Array;
  /** (R) >= 0. */
  readonly weights: Float64Array;
}

/** Intercept and one weight per column: log(p / (1 - p)) = intercept + sum weights_c x_c. */
export interface LogisticModel {
  readonly intercept: number;
  readonly weights: Float64Array;
}

const ITERATIONS = 25;
/** A step that changes no coefficient by more than this is the last. */
const TOLERANCE = 1e-6;
/** Keeps the weight of a certain row above zero, so that the equations stay positive definite. */
const LEAST_VARIANCE = 1e-9;

/**
 * Weighted logistic regression with an L2 penalty on all but the intercept, by Newton's method.
 * @param penalty  > 0; the cost added is penalty / 2 times the squared length of the weights
 * Source: iteratively reweighted least squares, e.g. Hastie, Tibshirani and Friedman, section 4.4.1
 */
export function fitLogistic(sample: LogisticSample, penalty: number): LogisticModel {
  const size = sample.columns + 1;
  const coefficients = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const step = new Float64Array(size);
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    accumulate(sample, coefficients, hessian, step);
    for (let k = 1; k < size; k += 1) {
      hessian[k * size + k]! += penalty;
      step[k]! -= penalty * coefficients[k]!;
    }
    if (!choleskySolveInPlace(hessian, step)) break;
    let largest = 0;
    for (let k = 0; k < size; k += 1) {
      coefficients[k]! += step[k]!;
      largest = Math.max(largest, Math.abs(step[k]!));
    }
    if (largest < TOLERANCE) break;
  }
  return { intercept: coefficients[0]!, weights: coefficients.slice(1) };
}

/** Gradient of the log-likelihood into `gradient`, the negative Hessian's lower half into `hessian`. */
function accumulate(
  { features, columns, labels, weights }: LogisticSample,
  coefficients: Float64Array,
  hessian: Float64Array,
  gradient: Float64Array,
): void {
  const size = columns + 1;
  hessian.fill(0);
  gradient.fill(0);
  for (let row = 0; row < labels.length; row += 1) {
    const at = row * columns;
    let logit = coefficients[0]!;
    for (let k = 0; k < columns; k += 1) logit += coefficients[k + 1]! * features[at + k]!;
    const probability = 1 / (1 + Math.exp(-logit));
    const pull = weights[row]! * (labels[row]! - probability);
    const curve = weights[row]! * Math.max(probability * (1 - probability), LEAST_VARIANCE);
    gradient[0]! += pull;
    hessian[0]! += curve;
    for (let i = 0; i < columns; i += 1) {
      const x = features[at + i]!;
      gradient[i + 1]! += pull * x;
      const scaled = curve * x;
      const line = (i + 1) * size;
      hessian[line]! += scaled;
      for (let k = 0; k <= i; k += 1) hessian[line + k + 1]! += scaled * features[at + k]!;
    }
  }
}
