import type { OperatorCall } from '../../graph/rules/operator-call.ts';
import type { Shape } from '../../graph/tensor.ts';
import type {
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { at, generate, type NdArray } from '../nd-array.ts';
import { sumTo } from '../sum-to.ts';

/** Operators that keep the order of the elements and change the shape alone. */
const reshaping: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output] }) =>
    x === undefined || output === undefined ? [] : [{ shape: output.shape, data: x.data }],
  backward: (step) => [
    step.wants(0) ? step.g.reshape(step.gradient, step.input(0).shape) : undefined,
  ],
};

const orderOf = (call: OperatorCall, rank: number): readonly number[] =>
  call.ints('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);

const transpose: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output], call }) => {
    if (x === undefined || output === undefined) return [];
    const order = orderOf(call, x.shape.length);
    const from = x.shape.map(() => 0);
    return [
      generate(output.shape, (index) => {
        order.forEach((axis, position) => {
          from[axis] = index[position] ?? 0;
        });
        return at(x, from);
      }),
    ];
  },
  backward: (step) => {
    const order = orderOf(step.call, step.input(0).shape.length);
    const inverse = order.map((_, axis) => order.indexOf(axis));
    return [step.wants(0) ? step.g.transpose(step.gradient, inverse) : undefined];
  },
};

const expand: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output] }) =>
    x === undefined || output === undefined
      ? []
      : [generate(output.shape, (index) => at(x, index))],
  backward: (step) => [
    step.wants(0) ? sumTo(step.g, step.gradient, step.input(0).shape) : undefined,
  ],
};

const tile: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output] }) =>
    x === undefined || output === undefined
      ? []
      : [
          generate(output.shape, (index) =>
            at(
              x,
              index.map((position, axis) => position % (x.shape[axis] ?? 1)),
            ),
          ),
        ],
  backward: (step) => {
    const { g } = step;
    const { shape } = step.input(0);
    const repeats = step.call.constantInts(1);
    const parted = g.reshape(
      step.gradient,
      shape.flatMap((size, axis) => [repeats[axis] ?? 1, size]),
    );
    return [
      step.wants(0) ? g.reduceSum(parted, { axes: shape.map((_, axis) => 2 * axis) }) : undefined,
    ];
  },
};

const axisOf = (call: OperatorCall): number => call.axisOf(call.operand(0), call.int('axis', 0));

/** Part of an array along one axis. */
const partOf = (x: NdArray, axis: number, start: number, shape: Shape): NdArray =>
  generate(shape, (index) =>
    at(
      x,
      index.map((position, each) => (each === axis ? position + start : position)),
    ),
  );

const concat: DifferentiableOperator = {
  forward: ({ inputs, outputs: [output], call }) => {
    const axis = axisOf(call);
    const [shape = []] = [output?.shape];
    return [
      generate(shape, (index) => {
        const own = [...index];
        for (const input of inputs) {
          const size = input.shape[axis] ?? 0;
          if ((own[axis] ?? 0) < size) return at(input, own);
          own[axis] = (own[axis] ?? 0) - size;
        }
        return Number.NaN;
      }),
    ];
  },
  backward: (step) => {
    const axis = axisOf(step.call);
    let start = 0;
    return step.inputs.map((input, index) => {
      const from = start;
      start += input.shape[axis] ?? 0;
      return step.wants(index)
        ? step.g.slice(step.gradient, { axes: [axis], starts: [from], ends: [start] })
        : undefined;
    });
  },
};

const split: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs, call }) => {
    if (x === undefined) return [];
    const axis = axisOf(call);
    let start = 0;
    return outputs.map(({ shape }) => {
      const part = partOf(x, axis, start, shape);
      start += shape[axis] ?? 0;
      return part;
    });
  },
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const parts = step.outputs.map(
      (output, index) => step.upstream[index] ?? step.g.expand(0, output.shape),
    );
    return [step.g.concat(parts, axisOf(step.call))];
  },
};

/** Operators that give elements another shape, order or company. */
export const MOVEMENTS: DifferentiableOperators = {
  Reshape: reshaping,
  Flatten: reshaping,
  Squeeze: reshaping,
  Unsqueeze: reshaping,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
};
