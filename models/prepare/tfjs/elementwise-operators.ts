import type { Value } from '../../../src/graph/graph-core.ts';
import type { Conversion, OperatorConverter } from './conversion.ts';
import { asChannelsFirst, asPlain, channelsFirst, type Laid, plain } from './layout.ts';
import type { TfjsNode } from './tfjs-node.ts';

/** A function of each element by itself keeps whatever layout its input has. */
export const convertUnary =
  (apply: (x: Value, conversion: Conversion, node: TfjsNode) => Value): OperatorConverter =>
  (node, conversion) => {
    const laid = conversion.laid(node, 0);
    return { ...laid, value: apply(laid.value, conversion, node) };
  };

type Binary = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max';

/** Two computed values, or a value and a constant that is a scalar or has one entry per channel. */
export const convertBinary =
  (operation: Binary): OperatorConverter =>
  (node, conversion) => {
    const { g } = conversion;
    if (conversion.isConstant(node, 0)) {
      const right = conversion.laid(node, 1);
      return { ...right, value: g[operation](constant(node, conversion, 0, right), right.value) };
    }
    const left = conversion.laid(node, 0);
    if (conversion.isConstant(node, 1)) {
      return { ...left, value: g[operation](left.value, constant(node, conversion, 1, left)) };
    }
    const right = conversion.laid(node, 1);
    if (left.layout === 'channels-first' || right.layout === 'channels-first') {
      return channelsFirst(g[operation](asChannelsFirst(g, left), asChannelsFirst(g, right)));
    }
    return plain(g[operation](asPlain(g, left), asPlain(g, right)));
  };

function constant(
  node: TfjsNode,
  conversion: Conversion,
  index: number,
  partner: Laid,
): Value | number {
  const { shape, data } = conversion.floats(node, index);
  if (data.length === 1) return data[0] ?? 0;
  if (shape.at(-1) !== data.length) return node.fail('a constant that varies over space');
  switch (partner.layout) {
    case 'channels-first':
      return conversion.perChannel({ shape, data });
    case 'plain':
      return conversion.g.constant([data.length], data);
    case 'flattened':
      return conversion.g.constant([data.length], reordered(data, partner.image));
  }
}

/** A constant over (H, W, C) in the order (C, H, W). */
function reordered(data: Float32Array, [channels = 1, height = 1, width = 1]: readonly number[]) {
  const area = height * width;
  return Float32Array.from(
    data,
    (_, index) => data[(index % area) * channels + Math.floor(index / area)] ?? 0,
  );
}

/** min(x, c) and max(x, c) with a constant become one-sided clips, which convolutions absorb. */
export const convertLimit =
  (side: 'min' | 'max'): OperatorConverter =>
  (node, conversion) => {
    if (!conversion.isConstant(node, 1)) return convertBinary(side)(node, conversion);
    const limit = conversion.floats(node, 1);
    if (limit.data.length !== 1) return convertBinary(side)(node, conversion);
    const laid = conversion.laid(node, 0);
    const bound = limit.data[0] ?? 0;
    const { g } = conversion;
    const value =
      side === 'min' ? g.clip(laid.value, undefined, bound) : g.clip(laid.value, bound, undefined);
    return { ...laid, value };
  };

export const convertPrelu: OperatorConverter = (node, conversion) => {
  const x = asChannelsFirst(conversion.g, conversion.laid(node, 0));
  return channelsFirst(conversion.g.pRelu(x, conversion.perChannel(conversion.floats(node, 1))));
};

/** Over the last axis of TensorFlow, which is the channel axis of an image. */
export const convertSoftmax: OperatorConverter = (node, conversion) => {
  const { g } = conversion;
  const laid = conversion.laid(node, 0);
  return laid.layout === 'channels-first'
    ? channelsFirst(g.softmax(laid.value, 1))
    : plain(g.softmax(asPlain(g, laid), -1));
};
