import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import type { Shape } from '../graph/tensor.ts';

/** A tensor that training moves. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  /** Row-major, where training begins. */
  readonly initial: Float32Array;
}

/** One of the equal towers of a Siamese network: whatever turns a sample into a unit vector. */
export interface Tower {
  readonly name: string;
  /** Of one sample, without the axis of the batch. */
  readonly inputShape: Shape;
  readonly parameters: readonly Parameter[];
  /**
   * Adds the tower to a graph.
   * @param x        (B, ...inputShape)
   * @param weights  by the names of the parameters
   * @returns (B, D), rows of length one
   */
  build(g: GraphBuilder, x: Value, weights: Weights): Value;
}

/** @throws PORTICO_GRAPH_INVALID for a name that the tower does not have */
export type Weights = (name: string) => Value;

/** A training example. */
export interface Sample {
  readonly person: string;
  /** Row-major, of the tower's input shape. */
  readonly values: Float32Array;
}
