import type { Value } from '../../graph/graph-core.ts';
import type {
  BackwardStep,
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { at, generate } from '../nd-array.ts';
import { sumTo } from '../sum-to.ts';

/**
 * @param value one output element from the broadcast elements of the inputs
 * @param derivative by one operand, before it is summed over what was broadcast
 */
function operator(
  value: (operands: readonly number[]) => number,
  derivative: (step: BackwardStep, index: number) => Value,
): DifferentiableOperator {
  return {
    forward: ({ inputs, outputs }) =>
      outputs.map(({ shape }) =>
        generate(shape, (index) => value(inputs.map((input) => at(input, index)))),
      ),
    backward: (step) =>
      step.inputs.map((input, index) =>
        step.wants(index) ? sumTo(step.g, derivative(step, index), input.shape) : undefined,
      ),
  };
}

/** {@link operator} for two operands, with one derivative each. */
const binary = (
  value: (left: number, right: number) => number,
  byLeft: (step: BackwardStep) => Value,
  byRight: (step: BackwardStep) => Value,
): DifferentiableOperator =>
  operator(
    ([left = Number.NaN, right = Number.NaN]) => value(left, right),
    (step, index) => (index === 0 ? byLeft(step) : byRight(step)),
  );

const total = (operands: readonly number[]): number => operands.reduce((sum, x) => sum + x, 0);

/** Equal operands share the derivative: each is as much the extreme as the other. */
const extreme = (choose: (...operands: readonly number[]) => number): DifferentiableOperator =>
  operator(
    (operands) => choose(...operands),
    (step, index) => {
      const { g, gradient } = step;
      const wins = step.inputs.map((x) => g.cast(g.equal(x, step.output()), gradient.elementType));
      return g.div(g.mul(gradient, wins[index] ?? gradient), g.sum(wins));
    },
  );

/** x^c by x; a fixed exponent, the usual case, is folded into constants. */
function powerByBase(step: BackwardStep): Value {
  const { g, gradient } = step;
  const [base, exponent] = [step.input(0), step.input(1)];
  const known = exponent.constant?.data;
  if (known?.length === 1) {
    const c = Number(known[0]);
    if (c === 2) return g.mul(gradient, g.mul(base, 2));
    return g.mul(gradient, g.mul(g.pow(base, c - 1), c));
  }
  return g.mul(gradient, g.mul(exponent, g.pow(base, g.sub(exponent, 1))));
}

/** Operators on several operands whose shapes broadcast. */
export const ARITHMETIC: DifferentiableOperators = {
  Add: binary(
    (a, b) => a + b,
    ({ gradient }) => gradient,
    ({ gradient }) => gradient,
  ),
  Sub: binary(
    (a, b) => a - b,
    ({ gradient }) => gradient,
    ({ g, gradient }) => g.neg(gradient),
  ),
  Mul: binary(
    (a, b) => a * b,
    (step) => step.g.mul(step.gradient, step.input(1)),
    (step) => step.g.mul(step.gradient, step.input(0)),
  ),
  Div: binary(
    (a, b) => a / b,
    (step) => step.g.div(step.gradient, step.input(1)),
    (step) => {
      const { g, gradient } = step;
      return g.neg(g.div(g.mul(gradient, step.output()), step.input(1)));
    },
  ),
  Pow: binary(
    (a, b) => a ** b,
    powerByBase,
    (step) => {
      const { g, gradient } = step;
      return g.mul(gradient, g.mul(step.output(), g.log(step.input(0))));
    },
  ),
  Sum: operator(total, ({ gradient }) => gradient),
  Mean: operator(
    (operands) => total(operands) / operands.length,
    ({ g, gradient, inputs }) => g.mul(gradient, 1 / inputs.length),
  ),
  Max: extreme(Math.max),
  Min: extreme(Math.min),
  Where: operator(
    ([condition, yes = Number.NaN, no = Number.NaN]) => (condition === 0 ? no : yes),
    (step, index) => {
      const { g, gradient } = step;
      const condition = step.input(0);
      return index === 1 ? g.where(condition, gradient, 0) : g.where(condition, 0, gradient);
    },
  ),
  PRelu: binary(
    (x, slope) => (x < 0 ? slope * x : x),
    (step) => {
      const { g, gradient } = step;
      return g.where(g.less(step.input(0), 0), g.mul(gradient, step.input(1)), gradient);
    },
    (step) => {
      const { g, gradient } = step;
      return g.mul(gradient, g.min(step.input(0), 0));
    },
  ),
};
