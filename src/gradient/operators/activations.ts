import type { Value } from '../../graph/graph-core.ts';
import type { OperatorCall } from '../../graph/rules/operator-call.ts';
import type {
  BackwardStep,
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';

/**
 * @param value one output element from one input element
 * @param derivative upstream times the derivative at each element
 */
const unary = (
  value: (x: number, call: OperatorCall) => number,
  derivative: (step: BackwardStep) => Value,
): DifferentiableOperator => ({
  forward: ({ inputs: [x], call }) =>
    x === undefined ? [] : [{ shape: x.shape, data: x.data.map((each) => value(each, call)) }],
  backward: (step) => [step.wants(0) ? derivative(step) : undefined],
});

const LEAKY_SLOPE = 0.01;
const [HARD_SLOPE, HARD_OFFSET] = [0.2, 0.5];
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Passes where the output is the input: inside the limits, and on them. */
const passesWhereUnchanged = (step: BackwardStep): Value => {
  const { g, gradient } = step;
  return g.where(g.equal(step.output(), step.input(0)), gradient, 0);
};

const clip: DifferentiableOperator = {
  forward: ({ inputs: [x], call }) => {
    const limit = (index: number, none: number) => {
      const operand = call.optional(index);
      return operand === undefined ? none : Number(operand.constant?.data[0] ?? Number.NaN);
    };
    const [low, high] = [limit(1, Number.NEGATIVE_INFINITY), limit(2, Number.POSITIVE_INFINITY)];
    const clipped = x?.data.map((each) => Math.min(high, Math.max(low, each)));
    return x === undefined || clipped === undefined ? [] : [{ shape: x.shape, data: clipped }];
  },
  backward: (step) => [step.wants(0) ? passesWhereUnchanged(step) : undefined],
};

const passes = unary(
  (x) => x,
  ({ gradient }) => gradient,
);

/** Operators that change each element by itself. */
export const ACTIVATIONS: DifferentiableOperators = {
  Identity: passes,
  /** As at inference, where nothing is dropped. */
  Dropout: passes,
  Neg: unary(
    (x) => -x,
    ({ g, gradient }) => g.neg(gradient),
  ),
  Abs: unary(Math.abs, (step) => step.g.mul(step.gradient, step.g.sign(step.input(0)))),
  Sqrt: unary(Math.sqrt, (step) => step.g.div(step.g.mul(step.gradient, 0.5), step.output())),
  Exp: unary(Math.exp, (step) => step.g.mul(step.gradient, step.output())),
  Log: unary(Math.log, (step) => step.g.div(step.gradient, step.input(0))),
  Reciprocal: unary(
    (x) => 1 / x,
    (step) => {
      const { g, gradient } = step;
      return g.neg(g.mul(gradient, g.mul(step.output(), step.output())));
    },
  ),
  Relu: unary(
    (x) => Math.max(0, x),
    (step) => step.g.where(step.g.greater(step.output(), 0), step.gradient, 0),
  ),
  LeakyRelu: unary(
    (x, call) => (x < 0 ? x * call.float('alpha', LEAKY_SLOPE) : x),
    (step) => {
      const { g, gradient } = step;
      const damped = g.mul(gradient, step.call.float('alpha', LEAKY_SLOPE));
      return g.where(g.less(step.input(0), 0), damped, gradient);
    },
  ),
  Clip: clip,
  Sigmoid: unary(sigmoid, (step) => {
    const { g, gradient } = step;
    return g.mul(gradient, g.mul(step.output(), g.sub(1, step.output())));
  }),
  HardSigmoid: unary(
    (x, call) =>
      Math.min(
        1,
        Math.max(0, x * call.float('alpha', HARD_SLOPE) + call.float('beta', HARD_OFFSET)),
      ),
    (step) => {
      const { g, gradient } = step;
      const slope = g.mul(gradient, step.call.float('alpha', HARD_SLOPE));
      const rising = g.where(g.less(step.output(), 1), slope, 0);
      return g.where(g.greater(step.output(), 0), rising, 0);
    },
  ),
  Tanh: unary(Math.tanh, (step) => {
    const { g, gradient } = step;
    return g.mul(gradient, g.sub(1, g.mul(step.output(), step.output())));
  }),
  Softplus: unary(
    // The larger part outside the logarithm, so that nothing overflows.
    (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    (step) => step.g.mul(step.gradient, step.g.sigmoid(step.input(0))),
  ),
  Elu: unary(
    (x, call) => (x < 0 ? call.float('alpha', 1) * Math.expm1(x) : x),
    (step) => {
      const { g, gradient } = step;
      const slope = g.add(step.output(), step.call.float('alpha', 1));
      return g.where(g.less(step.input(0), 0), g.mul(gradient, slope), gradient);
    },
  ),
};
