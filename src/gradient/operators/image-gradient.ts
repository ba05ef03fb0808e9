import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import type { Window } from '../../graph/rules/window-rules.ts';
import { elementCount, type Shape } from '../../graph/tensor.ts';
import { type Convolution, convolutionNode } from './convolution-node.ts';

const reachOf = ({ kernel, dilations }: Window): readonly number[] =>
  kernel.map((size, axis) => (size - 1) * (dilations[axis] ?? 1) + 1);

/** The derivative by the larger image: what a transposed convolution gives. */
export function imageGradient(
  g: GraphBuilder,
  signal: Value,
  weights: Value,
  of: Convolution & { readonly image: Shape },
): Value {
  const { window, image } = of;
  const reach = reachOf(window);
  const rank = reach.length;
  const space = image.slice(2);
  const flippedPads = window.pads.map((pad, side) => (reach[side % rank] ?? 1) - 1 - pad);
  if (window.strides.every((stride) => stride === 1) && flippedPads.every((pad) => pad >= 0)) {
    // With stride 1 it is a convolution too, which runtimes have made much faster.
    const kernels = flipped(g, weights, of.group);
    return convolutionNode(g, 'Conv', [signal, kernels], { ...of, pads: flippedPads });
  }
  // Rows and columns at the end that no window reached: they are cut from the padding, or added.
  const unreached = space.map((size, axis) => {
    const padded = size + (window.pads[axis] ?? 0) + (window.pads[axis + rank] ?? 0);
    const covered =
      ((signal.shape[axis + 2] ?? 1) - 1) * (window.strides[axis] ?? 1) + (reach[axis] ?? 1);
    return padded - covered;
  });
  const missing = unreached.map((size, axis) =>
    Math.max(0, size - (window.pads[axis + rank] ?? 0)),
  );
  const pads = window.pads.map((pad, side) =>
    side < rank ? pad : pad - (unreached[side - rank] ?? 0) + (missing[side - rank] ?? 0),
  );
  const reached = convolutionNode(g, 'ConvTranspose', [signal, weights], { ...of, pads });
  return missing.every((size) => size === 0)
    ? reached
    : g.pad(reached, { pads: [...image.map(() => 0), 0, 0, ...missing] });
}

/** Kernels turned round, and filters and channels exchanged within each group. */
function flipped(g: GraphBuilder, weights: Value, group: number): Value {
  const [filters = 1, perGroup = 1, ...kernel] = weights.shape;
  const known = weights.constant?.data;
  const shape = [group * perGroup, filters / group, ...kernel];
  const taps = elementCount(kernel);
  if (known instanceof Float32Array) {
    const data = new Float32Array(known.length);
    let offset = 0;
    for (let channel = 0; channel < group * perGroup; channel++) {
      const [set, within] = [Math.floor(channel / perGroup), channel % perGroup];
      for (let filter = 0; filter < filters / group; filter++) {
        const from = ((set * filters) / group + filter) * perGroup + within;
        for (let tap = taps - 1; tap >= 0; tap--) data[offset++] = known[from * taps + tap] ?? 0;
      }
    }
    return g.constant(shape, data);
  }
  const axes = kernel.map((_, axis) => axis + 2);
  const turned = g.slice(weights, {
    axes,
    starts: axes.map(() => -1),
    ends: kernel.map((size) => -size - 1),
    steps: axes.map(() => -1),
  });
  const parted = g.reshape(turned, [group, filters / group, perGroup, ...kernel]);
  const order = [0, 2, 1, ...kernel.map((_, axis) => axis + 3)];
  return g.reshape(g.transpose(parted, order), shape);
}
