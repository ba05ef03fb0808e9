import type { Value } from '../../graph/graph-core.ts';
import type { Shape } from '../../graph/tensor.ts';
import type {
  BackwardStep,
  DifferentiableOperator,
  DifferentiableOperators,
  ForwardStep,
} from '../differentiable-operator.ts';
import { eachLine } from '../each-line.ts';
import { type NdArray, zeros } from '../nd-array.ts';

/** Replaces every line along the node's axis. */
const alongAxis = (
  { inputs: [x], call }: ForwardStep,
  replace: (line: Float64Array) => Float64Array,
): readonly NdArray[] => {
  if (x === undefined) return [];
  const result = zeros(x.shape);
  eachLine(x.shape, call.axisOf(call.operand(0), call.int('axis', -1)), (positions) => {
    const line = replace(Float64Array.from(positions, (position) => x.data[position] ?? 0));
    for (const [index, position] of positions.entries()) result.data[position] = line[index] ?? 0;
  });
  return [result];
};

const axisOf = (step: BackwardStep): number =>
  step.call.axisOf(step.call.operand(0), step.call.int('axis', -1));

const sumAlong = (step: BackwardStep, value: Value): Value =>
  step.g.reduceSum(value, { axes: [axisOf(step)], keep: true });

function softmaxOf(line: Float64Array): Float64Array {
  const largest = Math.max(...line);
  const powers = line.map((x) => Math.exp(x - largest));
  const sum = powers.reduce((left, right) => left + right, 0);
  return powers.map((power) => power / sum);
}

const softmax: DifferentiableOperator = {
  forward: (step) => alongAxis(step, softmaxOf),
  backward: (step) => {
    const { g, gradient } = step;
    const y = step.output();
    return [g.mul(y, g.sub(gradient, sumAlong(step, g.mul(gradient, y))))];
  },
};

const logSoftmax: DifferentiableOperator = {
  forward: (step) => alongAxis(step, (line) => softmaxOf(line).map(Math.log)),
  backward: (step) => {
    const { g, gradient } = step;
    return [g.sub(gradient, g.mul(g.exp(step.output()), sumAlong(step, gradient)))];
  },
};

const lpNormalization: DifferentiableOperator = {
  forward: (step) =>
    alongAxis(step, (line) => {
      const absolute = step.call.int('p', 2) === 1;
      const powers = line.map((x) => (absolute ? Math.abs(x) : x * x));
      const sum = powers.reduce((left, right) => left + right, 0);
      return line.map((x) => x / (absolute ? sum : Math.sqrt(sum)));
    }),
  backward: (step) => {
    const { g, gradient } = step;
    const [x, y] = [step.input(0), step.output()];
    const absolute = step.call.int('p', 2) === 1;
    const norm = absolute
      ? sumAlong(step, g.abs(x))
      : g.reduceL2(x, { axes: [axisOf(step)], keep: true });
    const along = g.mul(absolute ? g.sign(x) : y, sumAlong(step, g.mul(gradient, y)));
    return [g.div(g.sub(gradient, along), norm)];
  },
};

/** Axes of an image that are neither batch nor channels. */
const spatialAxes = (shape: Shape): readonly number[] => shape.slice(2).map((_, axis) => axis + 2);
/** A per-channel vector as it broadcasts over (N, C, ...). */
const overChannels = (step: BackwardStep, vector: Value, shape: Shape): Value =>
  step.g.reshape(vector, [-1, ...shape.slice(2).map(() => 1)]);
const channelOf = (index: number, shape: Shape): number => {
  const plane = shape.slice(2).reduce((count, size) => count * size, 1);
  return Math.floor(index / plane) % (shape[1] ?? 1);
};

const DEFAULT_EPSILON = 1e-5;

const batchNormalization: DifferentiableOperator = {
  forward: ({ inputs: [x, scale, bias, mean, variance], call }) => {
    if (x === undefined) return [];
    const epsilon = call.float('epsilon', DEFAULT_EPSILON);
    const data = x.data.map((value, index) => {
      const c = channelOf(index, x.shape);
      const deviation = Math.sqrt((variance?.data[c] ?? 0) + epsilon);
      const normalised = (value - (mean?.data[c] ?? 0)) / deviation;
      return normalised * (scale?.data[c] ?? 0) + (bias?.data[c] ?? 0);
    });
    return [{ shape: x.shape, data }];
  },
  backward: (step) => {
    const { g, gradient } = step;
    const { shape } = step.input(0);
    const epsilon = step.call.float('epsilon', DEFAULT_EPSILON);
    const inverse = g.reciprocal(g.sqrt(g.add(step.input(4), epsilon)));
    const channelSum = (value: Value) => g.reduceSum(value, { axes: [0, ...spatialAxes(shape)] });
    const factor = g.mul(step.input(1), inverse);
    const centred = g.sub(step.input(0), overChannels(step, step.input(3), shape));
    // Scale and variance both need the sum of upstream times the centred input.
    const aligned = () => channelSum(g.mul(gradient, centred));
    const cubed = () => g.mul(g.mul(inverse, inverse), factor);
    return [
      step.wants(0) ? g.mul(gradient, overChannels(step, factor, shape)) : undefined,
      step.wants(1) ? g.mul(aligned(), inverse) : undefined,
      step.wants(2) ? channelSum(gradient) : undefined,
      step.wants(3) ? g.neg(g.mul(channelSum(gradient), factor)) : undefined,
      step.wants(4) ? g.mul(g.mul(aligned(), cubed()), -0.5) : undefined,
    ];
  },
};

function normalisedPlanes(x: NdArray, epsilon: number): Float64Array {
  const plane = x.shape.slice(2).reduce((count, size) => count * size, 1);
  const result = new Float64Array(x.data.length);
  for (let start = 0; start < x.data.length; start += plane) {
    const values = x.data.subarray(start, start + plane);
    const mean = values.reduce((sum, value) => sum + value, 0) / plane;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / plane;
    for (let index = 0; index < plane; index++) {
      result[start + index] = ((values[index] ?? 0) - mean) / Math.sqrt(variance + epsilon);
    }
  }
  return result;
}

const instanceNormalization: DifferentiableOperator = {
  forward: ({ inputs: [x, scale, bias], call }) => {
    if (x === undefined) return [];
    const planes = normalisedPlanes(x, call.float('epsilon', DEFAULT_EPSILON));
    const data = planes.map((value, index) => {
      const c = channelOf(index, x.shape);
      return value * (scale?.data[c] ?? 0) + (bias?.data[c] ?? 0);
    });
    return [{ shape: x.shape, data }];
  },
  backward: (step) => {
    const { g, gradient } = step;
    const x = step.input(0);
    const spatial = spatialAxes(x.shape);
    const mean = (value: Value) => g.reduceMean(value, { axes: spatial, keep: true });
    const centred = g.sub(x, mean(x));
    const variance = mean(g.mul(centred, centred));
    const epsilon = step.call.float('epsilon', DEFAULT_EPSILON);
    const inverse = g.reciprocal(g.sqrt(g.add(variance, epsilon)));
    const normalised = g.mul(centred, inverse);
    const byImage = () => {
      const tangential = g.sub(
        g.sub(gradient, mean(gradient)),
        g.mul(normalised, mean(g.mul(gradient, normalised))),
      );
      return g.mul(tangential, g.mul(inverse, overChannels(step, step.input(1), x.shape)));
    };
    const axes = [0, ...spatial];
    return [
      step.wants(0) ? byImage() : undefined,
      step.wants(1) ? g.reduceSum(g.mul(gradient, normalised), { axes }) : undefined,
      step.wants(2) ? g.reduceSum(gradient, { axes }) : undefined,
    ];
  },
};

/** Operators in which the elements of one axis, channel or plane share a denominator. */
export const NORMALISATIONS: DifferentiableOperators = {
  Softmax: softmax,
  LogSoftmax: logSoftmax,
  LpNormalization: lpNormalization,
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
};
