import { elementCount } from '../../../src/graph/tensor.ts';
import type { OperatorConverter } from './conversion.ts';
import {
  asChannelsFirst,
  asPlain,
  channelsFirst,
  channelsFirstAxis,
  permute,
  plain,
  tensorflowShape,
} from './layout.ts';
import { fusedActivation } from './window-operators.ts';

export const convertReshape: OperatorConverter = (node, conversion) => {
  const { g } = conversion;
  const laid = conversion.laid(node, 0);
  const wanted = conversion.integers(node, 1);
  const count = elementCount(tensorflowShape(laid));
  const known = elementCount(wanted.filter((size) => size !== -1));
  const shape = wanted.map((size) => (size === -1 ? count / known : size));
  const [batch = 1, ...image] = laid.value.shape;
  const flattens = shape.length === 2 && shape[0] === batch;
  if (laid.layout === 'channels-first' && flattens) {
    const value = g.reshape(laid.value, shape);
    const isPoint = image[1] === 1 && image[2] === 1;
    return isPoint ? plain(value) : { layout: 'flattened', value, image };
  }
  return plain(g.reshape(asPlain(g, laid), shape));
};

export const convertSqueeze: OperatorConverter = (node, conversion) => {
  const { g } = conversion;
  const laid = conversion.laid(node, 0);
  const shape = tensorflowShape(laid);
  const named = node.ints('squeeze_dims').map((axis) => (axis < 0 ? axis + shape.length : axis));
  const gone = named.length > 0 ? named : shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  return plain(
    g.reshape(
      asPlain(g, laid),
      shape.filter((_, axis) => !gone.includes(axis)),
    ),
  );
};

export const convertConcat: OperatorConverter = (node, conversion) => {
  const { g } = conversion;
  const last = node.inputs.length - 1;
  const [axis = 0] = conversion.integers(node, last);
  const parts = node.inputs.slice(0, last).map((_, index) => conversion.laid(node, index));
  if (parts.every((part) => part.layout === 'channels-first')) {
    const values = parts.map((part) => part.value);
    return channelsFirst(g.concat(values, channelsFirstAxis(axis)));
  }
  return plain(
    g.concat(
      parts.map((part) => asPlain(g, part)),
      axis,
    ),
  );
};

/** Paddings are (begin, end) per TensorFlow axis. */
export const convertPad: OperatorConverter = (node, conversion) => {
  const { g } = conversion;
  const paddings = conversion.integers(node, 1);
  const x = asChannelsFirst(g, conversion.laid(node, 0));
  const pads = Array.from({ length: 8 }, () => 0);
  for (let axis = 0; axis < 4; axis++) {
    pads[channelsFirstAxis(axis)] = paddings[2 * axis] ?? 0;
    pads[channelsFirstAxis(axis) + 4] = paddings[2 * axis + 1] ?? 0;
  }
  return channelsFirst(g.pad(x, { pads }));
};

export const convertMean: OperatorConverter = (node, conversion) => {
  const { g } = conversion;
  const laid = conversion.laid(node, 0);
  const axes = conversion.integers(node, 1);
  const keep = node.flag('keep_dims');
  const overSpace = axes.length === 2 && axes.includes(1) && axes.includes(2);
  if (laid.layout !== 'channels-first' || !overSpace) {
    return plain(g.reduceMean(asPlain(g, laid), { axes, keep }));
  }
  const mean = g.globalAveragePool(laid.value);
  const [batch = 1, channels = 1] = mean.shape;
  return keep ? channelsFirst(mean) : plain(g.reshape(mean, [batch, channels]));
};

/** A dense layer; after a flattened image its rows are put into the order (C, H, W). */
export const convertMatMul: OperatorConverter = (node, conversion) => {
  const { g } = conversion;
  if (node.flag('transpose_a')) node.fail('a transposed left side');
  const laid = conversion.laid(node, 0);
  const { shape, data } = conversion.floats(node, 1);
  const transposeRight = node.flag('transpose_b');
  const biased = node.texts('fused_ops').includes('BiasAdd');
  const bias = biased ? conversion.floats(node, 2) : undefined;
  const addend = bias === undefined ? {} : { addend: g.constant([bias.data.length], bias.data) };
  if (laid.layout === 'flattened' && !transposeRight) {
    const [channels = 1, height = 1, width = 1] = laid.image;
    const columns = shape[1] ?? 1;
    const rows = permute(data, [height, width, channels, columns], [2, 0, 1, 3]);
    const y = g.gemm(laid.value, g.constant(shape, rows), addend);
    return plain(fusedActivation(node, conversion, y));
  }
  const weights = g.constant(shape, data);
  const y = g.gemm(asPlain(g, laid), weights, { ...addend, transposeRight });
  return plain(fusedActivation(node, conversion, y));
};
