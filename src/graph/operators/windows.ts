import { type Attributes, floatAttribute, intAttribute, intsAttribute } from '../graph.ts';
import type { GraphCore, Value } from '../graph-core.ts';

/** A number counts for both spatial axes. */
export type Pair = number | readonly [height: number, width: number];
/** Rows above, columns left, rows below, columns right. */
export type Pads = readonly [top: number, left: number, bottom: number, right: number];

export interface ConvOptions {
  /** (filters, channels / group, kernel height, kernel width). */
  readonly weights: Value;
  /** (filters). */
  readonly bias?: Value;
  readonly stride?: Pair;
  readonly dilation?: Pair;
  readonly pads?: Pads;
  readonly group?: number;
  readonly name?: string;
}

export interface PoolOptions {
  readonly kernel: Pair;
  readonly stride?: Pair;
  readonly pads?: Pads;
  readonly name?: string;
}

export interface BatchNormalizationOptions {
  /** All four (channels). */
  readonly scale: Value;
  readonly bias: Value;
  readonly mean: Value;
  readonly variance: Value;
  readonly epsilon?: number;
}

const pair = (value: Pair = 1): readonly number[] =>
  typeof value === 'number' ? [value, value] : value;
const named = (name: string | undefined) => (name === undefined ? {} : { name });

function windowAttributes(options: {
  readonly stride?: Pair;
  readonly dilation?: Pair;
  readonly pads?: Pads;
}): Attributes {
  return {
    strides: intsAttribute(pair(options.stride)),
    pads: intsAttribute(options.pads ?? [0, 0, 0, 0]),
    ...(options.dilation === undefined ? {} : { dilations: intsAttribute(pair(options.dilation)) }),
  };
}

/** Convolutions, pooling and normalisation over (N, C, H, W). */
export function windows(core: GraphCore) {
  const convolution = (operator: 'Conv' | 'ConvTranspose') => (x: Value, options: ConvOptions) =>
    core.node(operator, [x, options.weights, options.bias], {
      ...named(options.name),
      attributes: { ...windowAttributes(options), group: intAttribute(options.group ?? 1) },
    });
  const pooling = (options: PoolOptions) => ({
    ...named(options.name),
    attributes: {
      ...windowAttributes(options),
      kernel_shape: intsAttribute(pair(options.kernel)),
    },
  });
  return {
    conv: convolution('Conv'),
    /** Weights are (channels, filters / group, kernel height, kernel width). */
    convTranspose: convolution('ConvTranspose'),
    maxPool: (x: Value, options: PoolOptions): Value => core.node('MaxPool', [x], pooling(options)),
    /** Max pooling that also tells where each maximum stood in the flattened input. */
    maxPoolWithIndices: (x: Value, options: PoolOptions): readonly Value[] =>
      core.apply('MaxPool', [x], { ...pooling(options), outputs: 2 }),
    /** Padding counts towards the mean only when `countPadding` says so. */
    averagePool: (x: Value, options: PoolOptions & { readonly countPadding?: boolean }): Value => {
      const { attributes, ...rest } = pooling(options);
      const count_include_pad = intAttribute(options.countPadding === true ? 1 : 0);
      return core.node('AveragePool', [x], {
        ...rest,
        attributes: { ...attributes, count_include_pad },
      });
    },
    globalAveragePool: (x: Value): Value => core.node('GlobalAveragePool', [x]),
    batchNormalization: (x: Value, options: BatchNormalizationOptions): Value =>
      core.node(
        'BatchNormalization',
        [x, options.scale, options.bias, options.mean, options.variance],
        { attributes: { epsilon: floatAttribute(options.epsilon ?? 1e-5) } },
      ),
    instanceNormalization: (x: Value, scale: Value, bias: Value, epsilon = 1e-5): Value =>
      core.node('InstanceNormalization', [x, scale, bias], {
        attributes: { epsilon: floatAttribute(epsilon) },
      }),
  };
}
