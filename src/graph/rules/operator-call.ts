import type { Attributes } from '../graph.ts';
import { graphFault } from '../graph-fault.ts';
import { describeType, type Tensor, type TensorType } from '../tensor.ts';

/** An input as a rule sees it: its type, and its values where they are known beforehand. */
export interface Operand extends TensorType {
  readonly constant?: Tensor;
}

/** One use of an operator, with typed access that fails naming the node. */
export class OperatorCall {
  readonly node: string;
  readonly operator: string;
  readonly outputCount: number;
  readonly #inputs: readonly (Operand | undefined)[];
  readonly #attributes: Attributes;

  constructor(details: {
    readonly node: string;
    readonly operator: string;
    readonly inputs: readonly (Operand | undefined)[];
    readonly attributes: Attributes;
    readonly outputCount: number;
  }) {
    this.node = details.node;
    this.operator = details.operator;
    this.outputCount = details.outputCount;
    this.#inputs = details.inputs;
    this.#attributes = details.attributes;
  }

  get inputCount(): number {
    return this.#inputs.length;
  }

  fail(what: string): never {
    return graphFault(this.node, this.operator, what);
  }

  check(holds: boolean, what: string): void {
    if (!holds) this.fail(what);
  }

  operand(index: number): Operand {
    return this.#inputs[index] ?? this.fail(`input ${index} is missing`);
  }

  optional(index: number): Operand | undefined {
    return this.#inputs[index];
  }

  /** All inputs, none of which may be absent. */
  operands(): readonly Operand[] {
    return this.#inputs.map((_, index) => this.operand(index));
  }

  ranked(index: number, rank: number): Operand {
    const operand = this.operand(index);
    this.check(
      operand.shape.length === rank,
      `input ${index} must have ${rank} axes, it is ${describeType(operand)}`,
    );
    return operand;
  }

  /** `size` of one axis, negative axes counted from the end. */
  axisOf(operand: TensorType, axis: number): number {
    const resolved = axis < 0 ? axis + operand.shape.length : axis;
    this.check(
      Number.isInteger(resolved) && resolved >= 0 && resolved < operand.shape.length,
      `axis ${axis} is outside ${describeType(operand)}`,
    );
    return resolved;
  }

  sizeOf(operand: TensorType, axis: number): number {
    return operand.shape[axis] ?? this.fail(`${describeType(operand)} has no axis ${axis}`);
  }

  int(name: string, whenAbsent: number): number {
    const attribute = this.#attributes[name];
    if (attribute === undefined) return whenAbsent;
    return attribute.kind === 'int' ? attribute.value : this.fail(`${name} must be an integer`);
  }

  float(name: string, whenAbsent: number): number {
    const attribute = this.#attributes[name];
    if (attribute === undefined) return whenAbsent;
    return attribute.kind === 'float' ? attribute.value : this.fail(`${name} must be a number`);
  }

  text(name: string, whenAbsent: string): string {
    const attribute = this.#attributes[name];
    if (attribute === undefined) return whenAbsent;
    return attribute.kind === 'string' ? attribute.value : this.fail(`${name} must be a string`);
  }

  ints(name: string): readonly number[] | undefined {
    const attribute = this.#attributes[name];
    if (attribute === undefined) return undefined;
    return attribute.kind === 'ints' ? attribute.value : this.fail(`${name} must be integers`);
  }

  tensor(name: string): Tensor {
    const attribute = this.#attributes[name];
    return attribute?.kind === 'tensor' ? attribute.value : this.fail(`${name} must be a tensor`);
  }

  /** The values of a shape-giving input, which must be known when the graph is built. */
  constantInts(index: number): readonly number[] {
    const { constant } = this.operand(index);
    if (constant === undefined) return this.fail(`input ${index} must be a constant`);
    return Array.from<number | bigint, number>(constant.data, Number);
  }

  /** Axes and the like: an input since opset 13 or 18, an attribute before. */
  intsFromInputOrAttribute(index: number, name: string): readonly number[] | undefined {
    return this.optional(index) === undefined ? this.ints(name) : this.constantInts(index);
  }
}

/** The types of an operator's outputs, from its inputs. */
export type ShapeRule = (call: OperatorCall) => readonly TensorType[];
export type ShapeRules = Readonly<Record<string, ShapeRule>>;
