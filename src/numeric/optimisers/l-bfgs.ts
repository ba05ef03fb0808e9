import { assertSameLength } from '../shape-check.ts';
import type { Optimiser } from './optimiser.ts';

export interface LBfgsOptions {
  /** How many past steps shape the next one. */
  readonly history?: number;
  /** Largest change of any one parameter in one step. */
  readonly maxStep: number;
}

/** A past step and how the gradient changed over it. */
interface Pair {
  readonly step: Float32Array;
  readonly change: Float32Array;
  /** 1 / (step . change); > 0. */
  readonly rho: number;
}

/** A step whose gradient changed less than this share of it says nothing of the curvature. */
const LEAST_CURVATURE = 1e-10;
/** The largest change allowed is cut when the cost rose, and grows back while it falls. */
const CUT = 0.5;
const GROWTH = 1.1;

/**
 * Limited-memory BFGS with a bound on the step instead of a line search: one evaluation of cost
 * and gradient per step. Where a step made the cost rise, the bound is halved.
 * Source: Nocedal and Wright, Numerical Optimization, algorithm 7.4; the bound is this file's.
 */
export class LBfgs implements Optimiser {
  readonly #history: number;
  readonly #maxStep: number;
  #bound: number;
  #pairs: Pair[] = [];
  #lastParameters: Float32Array = new Float32Array();
  #lastGradient: Float32Array = new Float32Array();
  #lastCost = Number.POSITIVE_INFINITY;

  constructor({ history = 10, maxStep }: LBfgsOptions) {
    this.#history = history;
    this.#maxStep = maxStep;
    this.#bound = maxStep;
  }

  step(parameters: Float32Array, gradient: Float32Array, cost: number): void {
    assertSameLength('parameters and gradient', parameters.length, gradient.length);
    if (this.#lastParameters.length > 0) {
      assertSameLength('parameters and history', parameters.length, this.#lastParameters.length);
      // From where the parameters are now: the caller may have limited them after the last step.
      this.#remember(parameters, gradient);
    }
    this.#bound =
      cost > this.#lastCost ? this.#bound * CUT : Math.min(this.#maxStep, this.#bound * GROWTH);
    this.#lastCost = cost;
    this.#lastParameters = parameters.slice();
    this.#lastGradient = gradient.slice();
    const direction = this.#direction(gradient);
    const scale = this.#scale(direction);
    for (let index = 0; index < parameters.length; index++) {
      parameters[index] = parameters[index]! - scale * direction[index]!;
    }
  }

  #remember(parameters: Float32Array, gradient: Float32Array): void {
    const step = difference(parameters, this.#lastParameters);
    const change = difference(gradient, this.#lastGradient);
    const curvature = dot(step, change);
    if (curvature <= LEAST_CURVATURE * dot(step, step)) return;
    this.#pairs.push({ step, change, rho: 1 / curvature });
    if (this.#pairs.length > this.#history) this.#pairs.shift();
  }

  /** The gradient times the approximate inverse of the second derivatives. */
  #direction(gradient: Float32Array): Float32Array {
    const direction = gradient.slice();
    const last = this.#pairs.at(-1);
    if (last === undefined) return direction;
    const weights = this.#pairs.toReversed().map(({ step, change, rho }) => {
      const weight = rho * dot(step, direction);
      addScaled(direction, change, -weight);
      return weight;
    });
    const length = 1 / (last.rho * dot(last.change, last.change));
    for (let index = 0; index < direction.length; index++) direction[index]! *= length;
    for (const [index, { step, change, rho }] of this.#pairs.entries()) {
      const weight = weights[weights.length - 1 - index]!;
      addScaled(direction, step, weight - rho * dot(change, direction));
    }
    return direction;
  }

  /** 1, or less where the bound demands it; without a history the step is the bound itself. */
  #scale(direction: Float32Array): number {
    let largest = 0;
    for (const value of direction) largest = Math.max(largest, Math.abs(value));
    if (largest === 0) return 0;
    const full = this.#bound / largest;
    return this.#pairs.length === 0 ? full / 4 : Math.min(1, full);
  }
}

const difference = (left: Float32Array, right: Float32Array): Float32Array =>
  left.map((value, index) => value - right[index]!);

function dot(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += left[index]! * right[index]!;
  return sum;
}

function addScaled(target: Float32Array, source: Float32Array, factor: number): void {
  for (let index = 0; index < target.length; index++) target[index]! += factor * source[index]!;
}
