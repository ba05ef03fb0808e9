import { ModelError } from '../domain/errors.ts';
import type { Attributes, Graph, GraphNode } from './graph.ts';
import { graphFault } from './graph-fault.ts';
import { OperatorCall } from './rules/operator-call.ts';
import { outputTypes } from './rules/shape-rules.ts';
import {
  describeType,
  type ElementType,
  elementCount,
  elementTypeOf,
  type Shape,
  type Tensor,
  type TensorData,
  type TensorType,
} from './tensor.ts';

/** One tensor of a graph under construction; it always knows its type. */
export interface Value extends TensorType {
  readonly name: string;
  /** Present when the values are part of the graph. */
  readonly constant?: Tensor;
}

/** A value, or a number that stands for a scalar of the other operand's type. */
export type Term = Value | number;

/** A node with the values it takes and gives, as reverse mode reads it. */
export interface Step {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
}

export interface Application {
  readonly attributes?: Attributes;
  /** Name of the node and of its first output; numbered by operator when absent. */
  readonly name?: string;
  readonly outputs?: number;
}

/** The operator set that Portico writes. */
export const OPSET = 18;

/**
 * Collects nodes whose types are checked as they are added. The operators themselves are
 * in `operators/`; this part knows only names, constants and the final graph.
 */
export class GraphCore {
  readonly name: string;
  readonly #values = new Map<string, Value>();
  readonly #steps: Step[] = [];
  readonly #inputs: Value[] = [];
  readonly #outputs = new Map<string, Value>();
  readonly #initialisers = new Map<string, Tensor>();
  readonly #counters = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** A tensor that is fed at every run. */
  input(name: string, shape: Shape, elementType: ElementType = 'float32'): Value {
    const value = this.#define({ name, shape, elementType }, 'Input');
    this.#inputs.push(value);
    return value;
  }

  /**
   * A tensor stored in the graph.
   * @param data row-major, as many values as `shape` says
   */
  constant(shape: Shape, data: TensorData, name = this.#fresh('constant')): Value {
    return this.store(name, { elementType: elementTypeOf(data), shape, data });
  }

  /** {@link constant} for a tensor that states its element type (bool and float16 do not show it). */
  store(name: string, tensor: Tensor): Value {
    const { shape, data } = tensor;
    if (elementCount(shape) !== data.length) {
      graphFault(name, 'Constant', `${data.length} values do not fill ${describeType(tensor)}`);
    }
    const value = this.#define({ ...tensor, name, constant: tensor }, 'Constant');
    this.#initialisers.set(name, tensor);
    return value;
  }

  /** {@link store} under a name of its own. */
  stored(tensor: Tensor): Value {
    return this.store(this.#fresh('constant'), tensor);
  }

  /** Integers that an operator takes as an input (axes, sizes, pads), stored once per content. */
  integers(values: readonly number[]): Value {
    const name = `ints:${values.join(',')}`;
    return (
      this.#values.get(name) ??
      this.constant([values.length], BigInt64Array.from(values, BigInt), name)
    );
  }

  /** A scalar of the given type, stored once per content. */
  scalar(value: number, elementType: ElementType = 'float32'): Value {
    const name = `${elementType}:${value}`;
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    const data = scalarData(value, elementType);
    return data === undefined
      ? graphFault(name, 'Constant', `a number does not stand for ${elementType}`)
      : this.constant([], data, name);
  }

  /** The operand itself, or the number as a scalar of the partner's type. */
  lift(term: Term, elementType: ElementType): Value {
    return typeof term === 'number' ? this.scalar(term, elementType) : term;
  }

  /**
   * Adds one node.
   * @returns its outputs, typed by the operator's rule
   * @throws PORTICO_GRAPH_INVALID naming node and operator when the inputs do not fit
   */
  apply(
    operator: string,
    inputs: readonly (Value | undefined)[],
    { attributes = {}, outputs = 1, name = this.#fresh(operator.toLowerCase()) }: Application = {},
  ): readonly Value[] {
    for (const value of inputs) {
      if (value !== undefined && this.#values.get(value.name) !== value) {
        graphFault(name, operator, `"${value.name}" belongs to another graph`);
      }
    }
    const call = new OperatorCall({
      node: name,
      operator,
      inputs,
      attributes,
      outputCount: outputs,
    });
    const types = outputTypes(call);
    const values = types.map(({ elementType, shape }, index) =>
      this.#define({ name: index === 0 ? name : `${name}:${index}`, elementType, shape }, operator),
    );
    this.#steps.push({ name, operator, inputs, outputs: values, attributes });
    return values;
  }

  /** What was added so far, each step after those it needs. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** {@link apply} for the operators with one output. */
  node(
    operator: string,
    inputs: readonly (Value | undefined)[],
    application: Application = {},
  ): Value {
    const [value] = this.apply(operator, inputs, application);
    return value ?? graphFault(application.name ?? operator, operator, 'has no output');
  }

  /** Publishes a value under a name of its own. */
  output(name: string, value: Value): void {
    if (this.#outputs.has(name)) graphFault(name, 'Output', 'this output is already there');
    // A graph output must be produced by a node; an Identity also frees the name from the node's.
    this.#outputs.set(name, this.node('Identity', [value], { name }));
  }

  /**
   * The finished graph, without what no output needs.
   * @throws PORTICO_GRAPH_INVALID when nothing was published
   */
  build(): Graph {
    if (this.#outputs.size === 0) {
      throw new ModelError('PORTICO_GRAPH_INVALID', {
        message: `graph "${this.name}" has no output`,
        remedy: 'Publish at least one value with output().',
      });
    }
    const needed = new Set(this.#outputs.keys());
    const steps = this.#steps.toReversed().filter((step) => {
      if (!step.outputs.some((output) => needed.has(output.name))) return false;
      for (const input of step.inputs) if (input !== undefined) needed.add(input.name);
      return true;
    });
    return {
      name: this.name,
      opset: OPSET,
      inputs: this.#inputs.map(plain),
      outputs: [...this.#outputs.values()].map(plain),
      nodes: steps.toReversed().map(nodeOf),
      initialisers: new Map([...this.#initialisers].filter(([name]) => needed.has(name))),
    };
  }

  #fresh(stem: string): string {
    const count = (this.#counters.get(stem) ?? 0) + 1;
    this.#counters.set(stem, count);
    const name = `${stem}_${count}`;
    return this.#values.has(name) ? this.#fresh(stem) : name;
  }

  #define(value: Value, operator: string): Value {
    const { name, shape } = value;
    if (this.#values.has(name)) graphFault(name, operator, 'this name is already taken');
    if (!shape.every((size) => Number.isInteger(size) && size >= 0)) {
      graphFault(name, operator, `[${shape.join(',')}] is not a shape`);
    }
    this.#values.set(name, value);
    return value;
  }
}

function nodeOf({ name, operator, inputs, outputs, attributes }: Step): GraphNode {
  const present = inputs.findLastIndex((value) => value !== undefined) + 1;
  return {
    name,
    operator,
    domain: '',
    inputs: inputs.slice(0, present).map((value) => value?.name ?? ''),
    outputs: outputs.map((value) => value.name),
    attributes,
  };
}

function scalarData(value: number, elementType: ElementType): TensorData | undefined {
  switch (elementType) {
    case 'float32':
      return Float32Array.of(value);
    case 'float64':
      return Float64Array.of(value);
    case 'int64':
      return BigInt64Array.of(BigInt(value));
    case 'int32':
      return Int32Array.of(value);
    case 'float16':
    case 'int16':
    case 'uint16':
    case 'int8':
    case 'uint8':
    case 'bool':
      return undefined;
  }
}

const plain = ({ name, elementType, shape }: Value) => ({ name, elementType, shape });
