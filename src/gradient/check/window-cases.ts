import { floatAttribute, intAttribute, intsAttribute, stringAttribute } from '../../graph/graph.ts';
import type { GradientCase } from './check-gradient.ts';
import type { Draw } from './draw.ts';

type CaseMaker = (draw: Draw) => GradientCase;

const convolution =
  (operator: 'Conv' | 'ConvTranspose'): CaseMaker =>
  (draw) => {
    const group = draw.int(1, 3);
    // Many channels take another way to the weights than few.
    const perGroup = group === 1 && draw.chance() ? 9 : draw.int(1, 2);
    const filtersPerGroup = draw.int(1, 2);
    const kernel = draw.ints(2, 1, 3);
    const same = operator === 'Conv' && draw.int(0, 4) === 0;
    const strides = draw.ints(2, 1, 3);
    const dilations = same ? [1, 1] : draw.ints(2, 1, 2);
    const reach = kernel.map((size, axis) => (size - 1) * (dilations[axis] ?? 1) + 1);
    const attributes = {
      strides: intsAttribute(strides),
      dilations: intsAttribute(dilations),
      group: intAttribute(group),
      ...(same
        ? { auto_pad: stringAttribute(draw.pick('SAME_UPPER', 'SAME_LOWER')) }
        : {
            pads: intsAttribute(
              [0, 1, 2, 3].map((side) => draw.int(0, (reach[side % 2] ?? 1) - 1)),
            ),
          }),
    };
    const channels = group * perGroup;
    const filters = group * filtersPerGroup;
    const weights =
      operator === 'Conv' ? [filters, perGroup, ...kernel] : [channels, filtersPerGroup, ...kernel];
    const inputs = [
      { shape: [draw.int(1, 2), channels, draw.int(5, 7), draw.int(5, 7)] },
      { shape: weights },
      { shape: [filters] },
    ];
    return {
      inputs: draw.chance() ? inputs : inputs.slice(0, 2),
      build: (g, all) => {
        // A constant kernel takes another way than one that is differentiated.
        return g.node(operator, all, { attributes });
      },
    };
  };

const fixedKernel: CaseMaker = (draw) => {
  const group = draw.int(1, 2);
  const kernel = [draw.int(1, 3), draw.int(1, 3)];
  const weights = [group * 2, 2, ...kernel];
  const values = draw.values(weights, -1, 1);
  return {
    inputs: [{ shape: [2, 2 * group, 5, 6] }],
    build: (g, [x = g.scalar(0)]) =>
      g.conv(x, { weights: g.constant(weights, values), group, pads: [0, 0, 0, 0] }),
  };
};

const pooling =
  (operator: 'MaxPool' | 'AveragePool'): CaseMaker =>
  (draw) => {
    const kernel = draw.ints(2, 1, 3);
    const tiles = draw.int(0, 3) === 0;
    const strides = tiles ? kernel : draw.ints(2, 1, 3);
    // Runtimes disagree on windows that a rounded-up size begins beyond the image: none of those.
    const roundsUp =
      operator === 'MaxPool' &&
      draw.chance() &&
      kernel.every((size, axis) => (strides[axis] ?? 1) <= size);
    const pads =
      tiles || roundsUp
        ? [0, 0, 0, 0]
        : [0, 1, 2, 3].map((side) => draw.int(0, (kernel[side % 2] ?? 1) - 1));
    const attributes = {
      kernel_shape: intsAttribute(kernel),
      strides: intsAttribute(strides),
      pads: intsAttribute(pads),
      ...(operator === 'AveragePool'
        ? { count_include_pad: intAttribute(draw.int(0, 1)) }
        : { ceil_mode: intAttribute(roundsUp && draw.chance() ? 1 : 0) }),
    };
    const space = tiles ? kernel.map((size) => 2 * size) : draw.ints(2, 4, 7);
    return {
      inputs: [{ shape: [draw.int(1, 2), draw.int(1, 3), ...space] }],
      build: (g, all) => g.node(operator, all, { attributes }),
    };
  };

const perChannel =
  (operator: string, parameters: number): CaseMaker =>
  (draw) => {
    const shape = [draw.int(1, 3), draw.int(1, 3), draw.int(2, 4), draw.int(2, 4)];
    const channels = [shape[1] ?? 1];
    const epsilon = floatAttribute(draw.pick(1e-5, 1e-2));
    return {
      inputs: [
        { shape },
        ...Array.from({ length: parameters }, (_, index) => ({
          shape: channels,
          ...(index === 3 ? { low: 0.3, high: 2 } : {}),
        })),
      ],
      build: (g, all) => g.node(operator, all, { attributes: { epsilon } }),
    };
  };

/** Cases of the operators that work on images. */
export const WINDOW_CASES: Readonly<Record<string, CaseMaker>> = {
  Conv: (draw) => (draw.int(0, 3) === 0 ? fixedKernel(draw) : convolution('Conv')(draw)),
  ConvTranspose: convolution('ConvTranspose'),
  MaxPool: pooling('MaxPool'),
  AveragePool: pooling('AveragePool'),
  GlobalAveragePool: (draw) => ({
    inputs: [{ shape: draw.shape(4) }],
    build: (g, [x = g.scalar(0)]) => g.globalAveragePool(x),
  }),
  BatchNormalization: perChannel('BatchNormalization', 4),
  InstanceNormalization: perChannel('InstanceNormalization', 2),
};
