import { intsAttribute } from '../../graph/graph.ts';
import type { Value } from '../../graph/graph-core.ts';
import type { OperatorCall } from '../../graph/rules/operator-call.ts';
import { type Window, windowOf } from '../../graph/rules/window-rules.ts';
import { elementCount, type Shape } from '../../graph/tensor.ts';
import type {
  BackwardStep,
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { at, generate, indicesOf, type NdArray } from '../nd-array.ts';
import { imageGradient } from './image-gradient.ts';

function poolOf(call: OperatorCall): Window {
  const [, , ...spatial] = call.operand(0).shape;
  const kernel = call.ints('kernel_shape') ?? call.fail('kernel_shape is missing');
  return windowOf(call, kernel, spatial);
}

/** The places in the image that one window covers. */
function covered(window: Window, space: Shape, step: readonly number[]): number[][] {
  const places: number[][] = [];
  for (const tap of indicesOf(window.kernel)) {
    const place = step.map(
      (position, axis) =>
        position * (window.strides[axis] ?? 1) +
        (tap[axis] ?? 0) * (window.dilations[axis] ?? 1) -
        (window.pads[axis] ?? 0),
    );
    if (place.every((position, axis) => position >= 0 && position < (space[axis] ?? 0))) {
      places.push(place);
    }
  }
  return places;
}

const pooled = (
  x: NdArray,
  shape: Shape,
  window: Window,
  value: (values: readonly number[]) => number,
): NdArray =>
  generate(shape, ([n = 0, c = 0, ...step]) =>
    value(covered(window, x.shape.slice(2), step).map((place) => at(x, [n, c, ...place]))),
  );

const maxPool: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output], call }) =>
    x === undefined || output === undefined
      ? []
      : [pooled(x, output.shape, poolOf(call), (values) => Math.max(...values))],
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const { g, call } = step;
    const x = step.input(0);
    const window = poolOf(call);
    // The runtime tells where each maximum stood; windows overlap, so the derivatives add up.
    const [, places = x] = g.apply('MaxPool', [x], {
      outputs: 2,
      attributes: {
        kernel_shape: intsAttribute(window.kernel),
        strides: intsAttribute(window.strides),
        dilations: intsAttribute(window.dilations),
        pads: intsAttribute(window.pads),
        ceil_mode: { kind: 'int', value: call.int('ceil_mode', 0) },
      },
    });
    const none = g.expand(0, [elementCount(x.shape)]);
    const flat = g.scatterAdd(none, g.reshape(places, [-1]), g.reshape(step.gradient, [-1]));
    return [g.reshape(flat, x.shape)];
  },
};

/** How many elements each window is the mean of, over (1, 1, ...). */
function windowCounts(call: OperatorCall, window: Window, output: Shape): NdArray {
  if (call.int('ceil_mode', 0) === 1) call.fail('ceil_mode has no derivative here');
  const space = call.operand(0).shape.slice(2);
  const countsPadding = call.int('count_include_pad', 0) === 1;
  return generate([1, 1, ...output.slice(2)], ([, , ...step]) =>
    countsPadding ? elementCount(window.kernel) : covered(window, space, step).length,
  );
}

const averagePool: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output], call }) => {
    if (x === undefined || output === undefined) return [];
    const window = poolOf(call);
    const counts = windowCounts(call, window, output.shape);
    const sums = pooled(x, output.shape, window, (values) =>
      values.reduce((sum, value) => sum + value, 0),
    );
    return [generate(output.shape, (index) => at(sums, index) / at(counts, index))];
  },
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const { g, call } = step;
    const x = step.input(0);
    const window = poolOf(call);
    const counts = windowCounts(call, window, step.output().shape).data.map((count) => 1 / count);
    const [share = 1] = counts;
    const shares = counts.every((each) => each === share)
      ? g.mul(step.gradient, share)
      : g.mul(
          step.gradient,
          g.constant([1, 1, ...step.output().shape.slice(2)], Float32Array.from(counts)),
        );
    return [spreadOverWindows(step, shares, window, x)];
  },
};

/** Every element of the signal added to all places of its window. */
function spreadOverWindows(step: BackwardStep, signal: Value, window: Window, x: Value): Value {
  const { g } = step;
  const [batch = 1, channels = 1, ...space] = x.shape;
  const steps = signal.shape.slice(2);
  const tiles = steps.every((size, axis) => {
    const kernel = window.kernel[axis] ?? 1;
    return kernel === window.strides[axis] && size * kernel === space[axis];
  });
  if (tiles && window.pads.every((pad) => pad === 0)) {
    // Repetition; the runtime does it faster as an enlargement than as an Expand.
    return g.resize(signal, x.shape, 'nearest');
  }
  const taps = elementCount(window.kernel);
  if (window.strides.every((stride) => stride === 1)) {
    const ones = g.constant(
      [channels, 1, ...window.kernel],
      new Float32Array(channels * taps).fill(1),
    );
    return imageGradient(g, signal, ones, { window, group: channels, image: x.shape });
  }
  // Every plane as a picture of its own: one small product each, instead of one per group.
  const planes = g.reshape(signal, [batch * channels, 1, ...steps]);
  const ones = g.constant([1, 1, ...window.kernel], new Float32Array(taps).fill(1));
  const image = [batch * channels, 1, ...space];
  return g.reshape(imageGradient(g, planes, ones, { window, group: 1, image }), x.shape);
}

const globalAveragePool: DifferentiableOperator = {
  forward: ({ inputs: [x], outputs: [output] }) => {
    if (x === undefined || output === undefined) return [];
    const plane = elementCount(x.shape.slice(2));
    const data = Float64Array.from({ length: elementCount(output.shape) }, (_, index) => {
      const values = x.data.subarray(index * plane, (index + 1) * plane);
      return values.reduce((sum, value) => sum + value, 0) / plane;
    });
    return [{ shape: output.shape, data }];
  },
  backward: (step) => {
    if (!step.wants(0)) return [undefined];
    const { shape } = step.input(0);
    const share = step.g.mul(step.gradient, 1 / elementCount(shape.slice(2)));
    return [step.g.expand(share, shape)];
  },
};

/** Operators that make one number of each window. */
export const POOLING: DifferentiableOperators = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
};
