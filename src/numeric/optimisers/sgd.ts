import { assertSameLength } from '../shape-check.ts';
import type { Optimiser } from './optimiser.ts';

export interface SgdOptions {
  readonly learningRate: number;
  /** Share of the last step that is kept, in [0, 1). */
  readonly momentum?: number;
  /** Pull of every parameter towards zero, added to the gradient. */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent with momentum: velocity = momentum * velocity + gradient. */
export class Sgd implements Optimiser {
  readonly #options: Required<SgdOptions>;
  #velocity: Float32Array = new Float32Array();

  constructor({ learningRate, momentum = 0, weightDecay = 0 }: SgdOptions) {
    this.#options = { learningRate, momentum, weightDecay };
  }

  step(parameters: Float32Array, gradient: Float32Array): void {
    if (this.#velocity.length === 0) this.#velocity = new Float32Array(parameters.length);
    assertSameLength('parameters and gradient', parameters.length, gradient.length);
    assertSameLength('parameters and velocity', parameters.length, this.#velocity.length);
    const { learningRate, momentum, weightDecay } = this.#options;
    const velocity = this.#velocity;
    for (let index = 0; index < parameters.length; index++) {
      const value = parameters[index]!;
      const pull = gradient[index]! + weightDecay * value;
      velocity[index] = momentum * velocity[index]! + pull;
      parameters[index] = value - learningRate * velocity[index]!;
    }
  }
}
