import type { Value } from '../../../src/graph/graph-core.ts';
import type { Pads } from '../../../src/graph/operators/windows.ts';
import type { Conversion, FloatTensor, OperatorConverter } from './conversion.ts';
import { asChannelsFirst, channelsFirst, permute } from './layout.ts';
import type { TfjsNode } from './tfjs-node.ts';

/** TensorFlow's SAME: as many outputs as strides fit, the odd pixel of padding at the end. */
function samePads(size: number, kernel: number, stride: number): readonly [number, number] {
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

interface Window {
  readonly kernel: readonly [number, number];
  readonly stride: readonly [number, number];
}

function padsOf(node: TfjsNode, image: Value, { kernel, stride }: Window): Pads {
  const padding = node.text('padding', 'VALID');
  if (padding === 'VALID') return [0, 0, 0, 0];
  if (padding === 'EXPLICIT') {
    const [, , top = 0, bottom = 0, left = 0, right = 0] = node.ints('explicit_paddings');
    return [top, left, bottom, right];
  }
  if (padding !== 'SAME') return node.fail(`padding ${padding} is not known`);
  const [, , height = 1, width = 1] = image.shape;
  const [top, bottom] = samePads(height, kernel[0], stride[0]);
  const [left, right] = samePads(width, kernel[1], stride[1]);
  return [top, left, bottom, right];
}

/**
 * The input of a convolution and its pads. A Pad node before it is taken into the convolution:
 * its own node then has no consumer and is left out.
 */
function paddedInput(node: TfjsNode, conversion: Conversion, window: Window) {
  const producer = conversion.producer(node, 0);
  if (producer.op === 'Pad' && node.text('padding', 'VALID') === 'VALID') {
    const [n0, n1, top = 0, bottom = 0, left = 0, right = 0, c0, c1] = conversion.integers(
      producer,
      1,
    );
    if (n0 === 0 && n1 === 0 && c0 === 0 && c1 === 0) {
      const x = asChannelsFirst(conversion.g, conversion.laid(producer, 0));
      return { x, pads: [top, left, bottom, right] satisfies Pads };
    }
  }
  const x = asChannelsFirst(conversion.g, conversion.laid(node, 0));
  return { x, pads: padsOf(node, x, window) };
}

/** The operations that TensorFlow fused after a convolution or a dense layer. */
export function fusedActivation(node: TfjsNode, conversion: Conversion, x: Value): Value {
  const { g } = conversion;
  const activations = node.texts('fused_ops').filter((name) => name !== 'BiasAdd');
  return activations.reduce((value, name) => {
    switch (name) {
      case 'Relu':
        return g.relu(value);
      case 'Relu6':
        return g.clip(value, 0, 6);
      case 'Sigmoid':
        return g.sigmoid(value);
      case 'LeakyRelu':
        return g.leakyRelu(value, node.float('leakyrelu_alpha', 0.2));
      case 'Prelu':
        return g.pRelu(value, conversion.perChannel(conversion.floats(node, 3)));
      default:
        return node.fail(`the fused operation ${name} is not known`);
    }
  }, x);
}

function convolution(
  node: TfjsNode,
  conversion: Conversion,
  weights: FloatTensor,
  group: number,
): Value {
  const { g } = conversion;
  const [, , height = 1, width = 1] = weights.shape;
  const [dilateRows, dilateColumns] = node.spatial('dilations');
  const window: Window = {
    kernel: [(height - 1) * dilateRows + 1, (width - 1) * dilateColumns + 1],
    stride: node.spatial('strides'),
  };
  const { x, pads } = paddedInput(node, conversion, window);
  const biased = node.texts('fused_ops').includes('BiasAdd');
  const y = g.conv(x, {
    weights: g.constant(weights.shape, weights.data),
    ...(biased ? { bias: bias(node, conversion) } : {}),
    stride: window.stride,
    ...(dilateRows * dilateColumns === 1 ? {} : { dilation: [dilateRows, dilateColumns] }),
    pads,
    group,
  });
  return fusedActivation(node, conversion, y);
}

function bias(node: TfjsNode, conversion: Conversion): Value {
  const { data } = conversion.floats(node, 2);
  return conversion.g.constant([data.length], data);
}

/** Weights (H, W, I, O) become (O, I, H, W). */
export const convertConv: OperatorConverter = (node, conversion) => {
  const { shape, data } = conversion.floats(node, 1);
  const [h = 1, w = 1, i = 1, o = 1] = shape;
  const weights = { shape: [o, i, h, w], data: permute(data, shape, [3, 2, 0, 1]) };
  return channelsFirst(convolution(node, conversion, weights, 1));
};

/** Weights (H, W, channels, multiplier) become (channels * multiplier, 1, H, W). */
export const convertDepthwiseConv: OperatorConverter = (node, conversion) => {
  const { shape, data } = conversion.floats(node, 1);
  const [h = 1, w = 1, channels = 1, multiplier = 1] = shape;
  const weights = {
    shape: [channels * multiplier, 1, h, w],
    data: permute(data, shape, [2, 3, 0, 1]),
  };
  return channelsFirst(convolution(node, conversion, weights, channels));
};

const pooling =
  (kind: 'maxPool' | 'averagePool'): OperatorConverter =>
  (node, conversion) => {
    const x = asChannelsFirst(conversion.g, conversion.laid(node, 0));
    const window = { kernel: node.spatial('ksize'), stride: node.spatial('strides') };
    return channelsFirst(conversion.g[kind](x, { ...window, pads: padsOf(node, x, window) }));
  };

export const convertMaxPool = pooling('maxPool');
/** TensorFlow's mean over a window at the border does not count the padding; nor does ours. */
export const convertAveragePool = pooling('averagePool');
