import type { Value } from '../../graph/graph-core.ts';
import type { OperatorCall } from '../../graph/rules/operator-call.ts';
import type {
  BackwardStep,
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { generate, type NdArray } from '../nd-array.ts';

/** How one axis of a Resize mixes its input: weights[output * input size + input]. */
interface AxisMix {
  readonly axis: number;
  readonly inputSize: number;
  readonly outputSize: number;
  readonly weights: Float64Array;
}

/** Source: ONNX operator schema of Resize, coordinate_transformation_mode */
function coordinate(
  mode: string,
  position: number,
  of: { readonly scale: number; readonly inputSize: number; readonly outputSize: number },
): number | undefined {
  const { scale, inputSize, outputSize } = of;
  switch (mode) {
    case 'half_pixel':
      return (position + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return outputSize > 1 ? (position + 0.5) / scale - 0.5 : 0;
    case 'asymmetric':
      return position / scale;
    case 'align_corners':
      return outputSize > 1 ? (position * (inputSize - 1)) / (outputSize - 1) : 0;
    default:
      return undefined;
  }
}

function nearest(mode: string, place: number): number | undefined {
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(place - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(place + 0.5);
    case 'floor':
      return Math.floor(place);
    case 'ceil':
      return Math.ceil(place);
    default:
      return undefined;
  }
}

function mixOf(call: OperatorCall, axis: number, inputSize: number, outputSize: number): AxisMix {
  const mode = call.text('mode', 'nearest');
  const named = call.optional(2)?.constant?.data[axis];
  const scale = named === undefined ? outputSize / inputSize : Number(named);
  const transformation = call.text('coordinate_transformation_mode', 'half_pixel');
  const weights = new Float64Array(outputSize * inputSize);
  const last = inputSize - 1;
  const within = (place: number) => Math.min(last, Math.max(0, place));
  for (let position = 0; position < outputSize; position++) {
    const place =
      coordinate(transformation, position, { scale, inputSize, outputSize }) ??
      call.fail(`the coordinates ${transformation} have no derivative here`);
    const row = position * inputSize;
    if (mode === 'nearest') {
      const rounding = call.text('nearest_mode', 'round_prefer_floor');
      const chosen = nearest(rounding, place) ?? call.fail(`${rounding} is not a rounding`);
      weights[row + within(chosen)] = 1;
      continue;
    }
    if (mode !== 'linear') call.fail(`the mode ${mode} has no derivative here`);
    const low = Math.floor(place);
    const share = place - low;
    weights[row + within(low)] = (weights[row + within(low)] ?? 0) + 1 - share;
    weights[row + within(low + 1)] = (weights[row + within(low + 1)] ?? 0) + share;
  }
  return { axis, inputSize, outputSize, weights };
}

/** The axes that a Resize changes: it is linear, and separable into them. */
function mixesOf(call: OperatorCall, output: readonly number[]): readonly AxisMix[] {
  if (call.int('antialias', 0) === 1) call.fail('antialiasing has no derivative here');
  return call.operand(0).shape.flatMap((size, axis) => {
    const resized = output[axis] ?? size;
    return resized === size ? [] : [mixOf(call, axis, size, resized)];
  });
}

function mixed(x: NdArray, { axis, inputSize, outputSize, weights }: AxisMix): NdArray {
  const shape = x.shape.map((size, each) => (each === axis ? outputSize : size));
  const inner = x.shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  return generate(shape, (index) => {
    const offset = index.reduce(
      (sum, position, each) => sum * (x.shape[each] ?? 1) + (each === axis ? 0 : position),
      0,
    );
    let sum = 0;
    for (let from = 0; from < inputSize; from++) {
      const weight = weights[(index[axis] ?? 0) * inputSize + from] ?? 0;
      if (weight !== 0) sum += weight * (x.data[offset + from * inner] ?? 0);
    }
    return sum;
  });
}

/** Whole-numbered enlargement by repetition, the usual case before a convolution. */
function isRepetition(call: OperatorCall, { inputSize, outputSize, weights }: AxisMix): boolean {
  const factor = outputSize / inputSize;
  if (call.text('mode', 'nearest') !== 'nearest' || !Number.isInteger(factor)) return false;
  return Array.from({ length: outputSize }).every(
    (_, position) => weights[position * inputSize + Math.floor(position / factor)] === 1,
  );
}

/** The derivative of one axis: its mix turned round, as one matrix product. */
function unmixed(step: BackwardStep, gradient: Value, mix: AxisMix): Value {
  const { g } = step;
  const { axis, inputSize, outputSize } = mix;
  const { shape } = gradient;
  if (isRepetition(step.call, mix)) {
    const factor = outputSize / inputSize;
    const parted = [...shape.slice(0, axis), inputSize, factor, ...shape.slice(axis + 1)];
    return g.reduceSum(g.reshape(gradient, parted), { axes: [axis + 1] });
  }
  const weights = g.constant([outputSize, inputSize], Float32Array.from(mix.weights));
  if (axis === shape.length - 1) return g.matMul(gradient, weights);
  const order = shape.map((_, each) => each);
  const last = shape.length - 1;
  const exchanged = order.map((each) => (each === axis ? last : each === last ? axis : each));
  return g.transpose(g.matMul(g.transpose(gradient, exchanged), weights), exchanged);
}

const resize: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output], call }) =>
    x === undefined || output === undefined ? [] : [mixesOf(call, output.shape).reduce(mixed, x)],
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const mixes = mixesOf(step.call, step.output().shape);
    return [mixes.reduce((gradient, mix) => unmixed(step, gradient, mix), step.gradient)];
  },
};

export const RESIZING: DifferentiableOperators = { Resize: resize };
