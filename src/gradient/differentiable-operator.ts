import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Step, Value } from '../graph/graph-core.ts';
import { OperatorCall } from '../graph/rules/operator-call.ts';
import type { NdArray } from './nd-array.ts';

/** One node as the reference computes it, in double precision. */
export interface ForwardStep {
  /** Attributes and types of the node. */
  readonly call: OperatorCall;
  readonly inputs: readonly NdArray[];
  readonly outputs: readonly { readonly shape: readonly number[] }[];
}

/** One node as reverse mode meets it. */
export class BackwardStep {
  readonly g: GraphBuilder;
  readonly call: OperatorCall;
  /** Derivatives of the cost by each output; undefined where the cost does not depend on it. */
  readonly upstream: readonly (Value | undefined)[];
  readonly #step: Step;
  readonly #wanted: readonly boolean[];

  constructor(
    g: GraphBuilder,
    step: Step,
    upstream: readonly (Value | undefined)[],
    wanted: readonly boolean[],
  ) {
    this.g = g;
    this.call = callOf(step);
    this.upstream = upstream;
    this.#step = step;
    this.#wanted = wanted;
  }

  /** Whether the derivative by this input is of use to anybody. */
  wants(index: number): boolean {
    return this.#wanted[index] === true;
  }

  get inputs(): readonly Value[] {
    return this.#step.inputs.flatMap((value) => (value === undefined ? [] : [value]));
  }

  input(index: number): Value {
    return this.#step.inputs[index] ?? this.call.fail(`input ${index} is missing`);
  }

  output(index = 0): Value {
    return this.#step.outputs[index] ?? this.call.fail(`output ${index} is missing`);
  }

  get outputs(): readonly Value[] {
    return this.#step.outputs;
  }

  /** Derivative of the cost by the first output. */
  get gradient(): Value {
    return this.upstream[0] ?? this.call.fail('the cost depends on another output than the first');
  }
}

/** Values of the outputs from those of the inputs. */
export type Forward = (step: ForwardStep) => readonly NdArray[];

/**
 * Adds nodes that compute the derivative of the cost by each input from those by the outputs.
 * @returns one entry per input; undefined where it is not wanted or always zero
 */
export type Backward = (step: BackwardStep) => readonly (Value | undefined)[];

/** The two sides of an operator; its shape rule stands in `src/graph/rules`. */
export interface DifferentiableOperator {
  readonly forward: Forward;
  readonly backward: Backward;
}

export type DifferentiableOperators = Readonly<Record<string, DifferentiableOperator>>;

/** Typed access to the attributes of a step. */
export const callOf = ({ name, operator, inputs, attributes, outputs }: Step): OperatorCall =>
  new OperatorCall({ node: name, operator, inputs, attributes, outputCount: outputs.length });
