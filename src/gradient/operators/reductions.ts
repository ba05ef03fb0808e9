import type { Value } from '../../graph/graph-core.ts';
import type { OperatorCall } from '../../graph/rules/operator-call.ts';
import { elementCount } from '../../graph/tensor.ts';
import type {
  BackwardStep,
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { indicesOf, stridesOf } from '../nd-array.ts';

/** Smallest norm that a derivative divides by: the derivative at zero is taken as zero. */
const TINY = 1e-30;

function reducedAxes(call: OperatorCall): readonly number[] {
  const input = call.operand(0);
  const named = call.intsFromInputOrAttribute(1, 'axes') ?? [];
  if (named.length === 0 && call.int('noop_with_empty_axes', 0) === 1) return [];
  return named.length === 0
    ? input.shape.map((_, axis) => axis)
    : named.map((axis) => call.axisOf(input, axis));
}

/** What reverse mode needs of a reduction, with the reduced axes kept as ones. */
class Reduction {
  readonly #step: BackwardStep;
  readonly axes: readonly number[];
  readonly x: Value;
  readonly gradient: Value;

  constructor(step: BackwardStep) {
    this.#step = step;
    this.axes = reducedAxes(step.call);
    this.x = step.input(0);
    this.gradient = this.kept(step.gradient);
  }

  get g() {
    return this.#step.g;
  }

  get y(): Value {
    return this.kept(this.#step.output());
  }

  get count(): number {
    return elementCount(this.axes.map((axis) => this.x.shape[axis] ?? 1));
  }

  kept(value: Value): Value {
    const shape = this.x.shape.map((size, axis) => (this.axes.includes(axis) ? 1 : size));
    return this.#step.g.reshape(value, shape);
  }
}

function reduction(
  reduce: (values: readonly number[]) => number,
  derivative: (of: Reduction) => Value,
): DifferentiableOperator {
  return {
    forward: ({ inputs: [x], outputs: [output], call }) => {
      if (x === undefined || output === undefined) return [];
      const axes = new Set(reducedAxes(call));
      const kept = x.shape.map((size, axis) => (axes.has(axis) ? 1 : size));
      const strides = stridesOf(kept);
      const groups = Array.from({ length: elementCount(kept) }, (): number[] => []);
      let offset = 0;
      for (const index of indicesOf(x.shape)) {
        const group = index.reduce(
          (sum, at, axis) => sum + (axes.has(axis) ? 0 : at * (strides[axis] ?? 0)),
          0,
        );
        groups[group]?.push(x.data[offset++] ?? 0);
      }
      return [{ shape: output.shape, data: Float64Array.from(groups, reduce) }];
    },
    backward: (step) => [step.wants(0) ? derivative(new Reduction(step)) : undefined],
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0);
const sumOf = (values: readonly number[], value: (x: number) => number): number =>
  sum(values.map(value));

/** Equal elements share the derivative. */
const extreme = (choose: (...values: readonly number[]) => number): DifferentiableOperator =>
  reduction(
    (values) => choose(...values),
    ({ g, x, y, gradient, axes }) => {
      const wins = g.cast(g.equal(x, y), x.elementType);
      return g.mul(wins, g.div(gradient, g.reduceSum(wins, { axes, keep: true })));
    },
  );

/** Operators that make one number of several. */
export const REDUCTIONS: DifferentiableOperators = {
  ReduceSum: reduction(sum, ({ g, x, gradient }) => g.expand(gradient, x.shape)),
  ReduceMean: reduction(
    (values) => sum(values) / values.length,
    ({ g, x, gradient, count }) => g.expand(g.mul(gradient, 1 / count), x.shape),
  ),
  ReduceMax: extreme(Math.max),
  ReduceMin: extreme(Math.min),
  ReduceSumSquare: reduction(
    (values) => sumOf(values, (x) => x * x),
    ({ g, x, gradient }) => g.mul(x, g.mul(gradient, 2)),
  ),
  ReduceL1: reduction(
    (values) => sumOf(values, Math.abs),
    ({ g, x, gradient }) => g.mul(g.sign(x), gradient),
  ),
  ReduceL2: reduction(
    (values) => Math.sqrt(sumOf(values, (x) => x * x)),
    ({ g, x, y, gradient }) => g.mul(x, g.div(gradient, g.max(y, TINY))),
  ),
  ReduceLogSum: reduction(
    (values) => Math.log(sum(values)),
    ({ g, x, y, gradient }) => g.expand(g.div(gradient, g.exp(y)), x.shape),
  ),
  ReduceLogSumExp: reduction(
    (values) => Math.log(sumOf(values, Math.exp)),
    ({ g, x, y, gradient }) => g.mul(gradient, g.exp(g.sub(x, y))),
  ),
};
