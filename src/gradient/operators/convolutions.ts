import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import type { OperatorCall } from '../../graph/rules/operator-call.ts';
import { windowOf } from '../../graph/rules/window-rules.ts';
import { elementCount, type Shape } from '../../graph/tensor.ts';
import type {
  DifferentiableOperator,
  DifferentiableOperators,
} from '../differentiable-operator.ts';
import { indicesOf, type NdArray, zeros } from '../nd-array.ts';
import { type Convolution, convolutionNode } from './convolution-node.ts';
import { imageGradient } from './image-gradient.ts';
import { weightGradient } from './weight-gradient.ts';

function convolutionOf(call: OperatorCall): Convolution {
  const [, , ...spatial] = call.operand(0).shape;
  const kernel = call.operand(1).shape.slice(2);
  return { window: windowOf(call, kernel, spatial), group: call.int('group', 1) };
}

/** Visits every product of a convolution, as offsets into image, weights and signal. */
function eachProduct(
  of: Convolution & { readonly image: Shape; readonly weights: Shape; readonly signal: Shape },
  visit: (image: number, weight: number, signal: number) => void,
): void {
  const { window, group, image, weights, signal } = of;
  const [batch = 1, channels = 1, ...space] = image;
  const [filters = 1, perGroup = 1, ...kernel] = weights;
  const steps = signal.slice(2);
  const filtersPerGroup = filters / group;
  const flat = (index: readonly number[], sizes: Shape) =>
    index.reduce((sum, position, axis) => sum * (sizes[axis] ?? 1) + position, 0);
  for (const step of indicesOf(steps)) {
    for (const tap of indicesOf(kernel)) {
      const place = step.map(
        (position, axis) =>
          position * (window.strides[axis] ?? 1) +
          (tap[axis] ?? 0) * (window.dilations[axis] ?? 1) -
          (window.pads[axis] ?? 0),
      );
      if (place.some((position, axis) => position < 0 || position >= (space[axis] ?? 0))) continue;
      const [inImage, inKernel, inSignal] = [
        flat(place, space),
        flat(tap, kernel),
        flat(step, steps),
      ];
      for (let n = 0; n < batch; n++) {
        for (let filter = 0; filter < filters; filter++) {
          for (let c = 0; c < perGroup; c++) {
            const channel = Math.floor(filter / filtersPerGroup) * perGroup + c;
            visit(
              (n * channels + channel) * elementCount(space) + inImage,
              (filter * perGroup + c) * elementCount(kernel) + inKernel,
              (n * filters + filter) * elementCount(steps) + inSignal,
            );
          }
        }
      }
    }
  }
}

function addBias(y: NdArray, bias: NdArray | undefined): NdArray {
  if (bias === undefined) return y;
  const plane = elementCount(y.shape.slice(2));
  const channels = y.shape[1] ?? 1;
  const data = y.data.map(
    (value, index) => value + (bias.data[Math.floor(index / plane) % channels] ?? 0),
  );
  return { shape: y.shape, data };
}

const biasGradient = (g: GraphBuilder, gradient: Value): Value =>
  g.reduceSum(gradient, { axes: gradient.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis])) });

const conv: DifferentiableOperator = {
  forward: ({ inputs: [x, weights, bias], outputs: [output], call }) => {
    if (x === undefined || weights === undefined || output === undefined) return [];
    const y = zeros(output.shape);
    eachProduct(
      { ...convolutionOf(call), image: x.shape, weights: weights.shape, signal: y.shape },
      (image, weight, signal) => {
        y.data[signal] = (y.data[signal] ?? 0) + (x.data[image] ?? 0) * (weights.data[weight] ?? 0);
      },
    );
    return [addBias(y, bias)];
  },
  backward: (step) => {
    const { g, gradient } = step;
    const [x, weights] = [step.input(0), step.input(1)];
    const of = { ...convolutionOf(step.call), image: x.shape, weights: weights.shape };
    return [
      step.wants(0) ? imageGradient(g, gradient, weights, of) : undefined,
      step.wants(1) ? weightGradient(g, x, gradient, of) : undefined,
      step.wants(2) ? biasGradient(g, gradient) : undefined,
    ];
  },
};

const convTranspose: DifferentiableOperator = {
  forward: ({ inputs: [x, weights, bias], outputs: [output], call }) => {
    if (x === undefined || weights === undefined || output === undefined) return [];
    const y = zeros(output.shape);
    eachProduct(
      { ...convolutionOf(call), image: y.shape, weights: weights.shape, signal: x.shape },
      (image, weight, signal) => {
        y.data[image] = (y.data[image] ?? 0) + (x.data[signal] ?? 0) * (weights.data[weight] ?? 0);
      },
    );
    return [addBias(y, bias)];
  },
  backward: (step) => {
    const { g, gradient } = step;
    const [x, weights] = [step.input(0), step.input(1)];
    const of = { ...convolutionOf(step.call), weights: weights.shape };
    const byInput = () => {
      const signal = convolutionNode(g, 'Conv', [gradient, weights], of);
      const axes = signal.shape.slice(2).map((_, axis) => axis + 2);
      return g.slice(signal, { axes, starts: axes.map(() => 0), ends: x.shape.slice(2) });
    };
    return [
      step.wants(0) ? byInput() : undefined,
      step.wants(1) ? weightGradient(g, gradient, x, of) : undefined,
      step.wants(2) ? biasGradient(g, gradient) : undefined,
    ];
  },
};

/** Convolutions over (N, C, ...). */
export const CONVOLUTIONS: DifferentiableOperators = { Conv: conv, ConvTranspose: convTranspose };
