import type { GraphBuilder } from '../../../src/graph/graph-builder.ts';
import type { Value } from '../../../src/graph/graph-core.ts';
import type { Tensor } from '../../../src/graph/tensor.ts';
import type { GraphModel } from './graph-model.ts';
import type { Laid } from './layout.ts';
import type { TfjsNode } from './tfjs-node.ts';

export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What an operator's converter may ask for: converted inputs, and constants. */
export class Conversion {
  readonly g: GraphBuilder;
  readonly model: GraphModel;
  readonly #resolve: (name: string) => Laid;

  constructor(g: GraphBuilder, model: GraphModel, resolve: (name: string) => Laid) {
    this.g = g;
    this.model = model;
    this.#resolve = resolve;
  }

  laid(node: TfjsNode, index: number): Laid {
    return this.#resolve(node.input(index));
  }

  /** The node that produces an input, looking through Identity. */
  producer(node: TfjsNode, index: number): TfjsNode {
    const producer = this.model.nodes.get(node.input(index));
    if (producer === undefined) return node.fail(`input "${node.input(index)}" does not exist`);
    return producer.op === 'Identity' ? this.producer(producer, 0) : producer;
  }

  isConstant(node: TfjsNode, index: number): boolean {
    return this.producer(node, index).op === 'Const';
  }

  floats(node: TfjsNode, index: number): FloatTensor {
    const { data, shape } = this.#constant(node, index);
    return data instanceof Float32Array ? { data, shape } : node.fail(`input ${index} is no float`);
  }

  integers(node: TfjsNode, index: number): readonly number[] {
    return Array.from<number | bigint, number>(this.#constant(node, index).data, Number);
  }

  /** A per-channel constant, shaped so that it broadcasts over (N, C, H, W). */
  perChannel({ data }: FloatTensor): Value {
    return this.g.constant([data.length, 1, 1], data);
  }

  #constant(node: TfjsNode, index: number): Tensor {
    const producer = this.producer(node, index);
    const tensor = this.model.weights.get(producer.name);
    return producer.op === 'Const' && tensor !== undefined
      ? tensor
      : node.fail(`input ${index} must be a constant`);
  }
}

export type OperatorConverter = (node: TfjsNode, conversion: Conversion) => Laid;
