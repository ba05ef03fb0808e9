import { assertSameLength } from '../shape-check.ts';
import type { Optimiser } from './optimiser.ts';

export interface AdamOptions {
  readonly learningRate: number;
  /** Decay of the mean of the gradient. */
  readonly beta1?: number;
  /** Decay of the mean of its square. */
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** What Adam remembers, for a checkpoint; the arrays are its own, not copies. */
export interface AdamState {
  readonly steps: number;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

/**
 * Adam: steps of about the learning rate for every parameter, whatever the size of its gradient.
 * Source: Kingma and Ba 2015, algorithm 1
 */
export class Adam implements Optimiser {
  /** May be lowered between steps. */
  learningRate: number;
  readonly #options: Required<Omit<AdamOptions, 'learningRate'>>;
  #mean: Float32Array = new Float32Array();
  #square: Float32Array = new Float32Array();
  #steps = 0;

  constructor({ learningRate, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamOptions) {
    this.learningRate = learningRate;
    this.#options = { beta1, beta2, epsilon };
  }

  step(parameters: Float32Array, gradient: Float32Array): void {
    if (this.#steps === 0) {
      this.#mean = new Float32Array(parameters.length);
      this.#square = new Float32Array(parameters.length);
    }
    assertSameLength('parameters and gradient', parameters.length, gradient.length);
    assertSameLength('parameters and moments', parameters.length, this.#mean.length);
    this.#steps += 1;
    const { beta1, beta2, epsilon } = this.#options;
    const { learningRate } = this;
    const [mean, square] = [this.#mean, this.#square];
    // The moments begin at zero; dividing by what they have seen so far undoes that.
    const meanSeen = 1 - beta1 ** this.#steps;
    const squareSeen = 1 - beta2 ** this.#steps;
    for (let index = 0; index < parameters.length; index++) {
      const slope = gradient[index]!;
      mean[index] = beta1 * mean[index]! + (1 - beta1) * slope;
      square[index] = beta2 * square[index]! + (1 - beta2) * slope * slope;
      const deviation = Math.sqrt(square[index]! / squareSeen) + epsilon;
      parameters[index] = parameters[index]! - (learningRate * mean[index]!) / meanSeen / deviation;
    }
  }

  get state(): AdamState {
    return { steps: this.#steps, mean: this.#mean, square: this.#square };
  }

  /** Continues where {@link state} was taken; the arrays are copied. */
  restore({ steps, mean, square }: AdamState): void {
    assertSameLength('the two moments', mean.length, square.length);
    this.#steps = steps;
    this.#mean = mean.slice();
    this.#square = square.slice();
  }
}
