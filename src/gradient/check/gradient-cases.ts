import { floatAttribute, intAttribute, intsAttribute, stringAttribute } from '../../graph/graph.ts';
import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import type { Shape } from '../../graph/tensor.ts';
import type { CaseInput, GradientCase } from './check-gradient.ts';
import type { Draw } from './draw.ts';
import { WINDOW_CASES } from './window-cases.ts';

/** A case of one operator, different for every draw. */
export type CaseMaker = (draw: Draw) => GradientCase;

const POSITIVE = { low: 0.3, high: 2 };

const unary =
  (
    build: (g: GraphBuilder, x: Value, draw: Draw) => Value,
    range: { readonly low?: number; readonly high?: number } = {},
  ): CaseMaker =>
  (draw) => ({
    inputs: [{ shape: draw.shape(draw.int(1, 4)), ...range }],
    build: (g, [x = g.scalar(0)]) => build(g, x, draw),
  });

const named = (operator: string, range = {}): CaseMaker =>
  unary((g, x) => g.node(operator, [x]), range);

/** Two operands, either of which may be the one that is broadcast. */
const binary =
  (operator: string, right: Partial<CaseInput> = {}, left: Partial<CaseInput> = {}): CaseMaker =>
  (draw) => {
    const shape = draw.shape(draw.int(1, 4));
    const other = draw.narrower(shape);
    const swapped = draw.chance();
    return {
      inputs: [
        { shape: swapped ? other : shape, ...left },
        { shape: swapped ? shape : other, ...right },
      ],
      build: (g, values) => g.node(operator, values),
    };
  };

const variadic =
  (operator: string): CaseMaker =>
  (draw) => {
    const shape = draw.shape(3);
    const inputs = [{ shape }, { shape: draw.narrower(shape) }, { shape: draw.narrower(shape) }];
    return { inputs: inputs.slice(0, draw.int(1, 3)), build: (g, all) => g.node(operator, all) };
  };

const reduction =
  (operator: string, range = {}): CaseMaker =>
  (draw) => {
    const shape = draw.shape(draw.int(1, 4));
    const axes = draw.shuffled(shape.length).slice(0, draw.int(0, shape.length));
    const signed = axes.map((axis) => (draw.chance() ? axis : axis - shape.length));
    const keepdims = intAttribute(draw.int(0, 1));
    return {
      inputs: [{ shape, ...range }],
      build: (g, [x]) =>
        g.node(operator, [x, g.constant([axes.length], BigInt64Array.from(signed, BigInt))], {
          attributes: { keepdims },
        }),
    };
  };

const alongAxis =
  (operator: string, attributes = {}): CaseMaker =>
  (draw) => {
    const shape = draw.shape(draw.int(1, 3), 5);
    const axis = intAttribute(draw.int(-shape.length, shape.length - 1));
    return {
      inputs: [{ shape }],
      build: (g, [x]) => g.node(operator, [x], { attributes: { axis, ...attributes } }),
    };
  };

const matMul: CaseMaker = (draw) => {
  const [m, k, n] = [draw.int(1, 4), draw.int(1, 4), draw.int(1, 4)];
  const batch = draw.shape(draw.int(0, 2), 3);
  const shapes: readonly (readonly [Shape, Shape])[] = [
    [
      [...batch, m, k],
      [...draw.narrower(batch), k, n],
    ],
    [
      [...draw.narrower(batch), m, k],
      [...batch, k, n],
    ],
    [[k], [...batch, k, n]],
    [[...batch, m, k], [k]],
    [[k], [k]],
  ];
  const [left, right] = shapes[draw.int(0, shapes.length - 1)] ?? [[k], [k]];
  return { inputs: [{ shape: left }, { shape: right }], build: (g, all) => g.node('MatMul', all) };
};

const gemm: CaseMaker = (draw) => {
  const [m, k, n] = [draw.int(1, 4), draw.int(1, 4), draw.int(1, 4)];
  const [transA, transB] = [draw.int(0, 1), draw.int(0, 1)];
  const attributes = {
    transA: intAttribute(transA),
    transB: intAttribute(transB),
    alpha: floatAttribute(draw.pick(1, 0.5)),
    beta: floatAttribute(draw.pick(1, 2)),
  };
  const inputs = [
    { shape: transA === 1 ? [k, m] : [m, k] },
    { shape: transB === 1 ? [n, k] : [k, n] },
    { shape: draw.pick<Shape>([m, n], [n], [m, 1], []) },
  ];
  return {
    inputs: draw.chance() ? inputs : inputs.slice(0, 2),
    build: (g, all) => g.node('Gemm', all, { attributes }),
  };
};

const slice: CaseMaker = (draw) => {
  const shape = draw.ints(3, 3, 7);
  const axes = draw.shuffled(3).slice(0, draw.int(1, 3));
  const cuts = axes.map((axis) => {
    const size = shape[axis] ?? 1;
    const step = draw.pick(1, 1, 2, 3, -1, -2);
    const [low, high] = [draw.int(0, size - 2), draw.int(1, size)];
    const end = Math.max(high, low + 1);
    return step > 0
      ? { start: low, end, step }
      : { start: end - 1 - size, end: low === 0 ? -size - 5 : low - 1 - size, step };
  });
  return {
    inputs: [{ shape }],
    build: (g, [x = g.scalar(0)]) =>
      g.slice(x, {
        axes,
        starts: cuts.map(({ start }) => start),
        ends: cuts.map(({ end }) => end),
        steps: cuts.map(({ step }) => step),
      }),
  };
};

const pad: CaseMaker = (draw) => {
  const shape = draw.ints(draw.int(1, 4), 3, 5);
  const mode = draw.pick('constant', 'reflect', 'edge');
  const pads = draw.ints(2 * shape.length, mode === 'constant' ? -1 : 0, 2);
  return {
    inputs: [{ shape }],
    build: (g, [x = g.scalar(0)]) => g.pad(x, { pads, mode, value: 0.5 }),
  };
};

const concat: CaseMaker = (draw) => {
  const shape = draw.shape(3);
  const axis = draw.int(0, 2);
  const inputs = [1, 2, 3].map((size) => ({
    shape: shape.map((each, other) => (other === axis ? size : each)),
  }));
  return {
    inputs: inputs.slice(0, draw.int(1, 3)),
    build: (g, all) => g.concat(all, draw.pick(axis, axis - 3)),
  };
};

const split: CaseMaker = (draw) => {
  const sizes = draw.ints(draw.int(2, 3), 1, 3);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const used = draw.int(0, sizes.length - 1);
  return {
    inputs: [{ shape: [2, total, 3] }],
    build: (g, [x = g.scalar(0)]) => {
      const parts = g.split(x, 1, sizes);
      return draw.chance() ? (parts[used] ?? x) : g.concat(parts.toReversed(), 1);
    },
  };
};

const gather: CaseMaker = (draw) => {
  const shape = draw.ints(3, 2, 4);
  const axis = draw.int(0, 2);
  const where = draw.shape(draw.int(0, 2), 3);
  const count = where.reduce((product, size) => product * size, 1);
  const picked = draw.ints(count, 0, (shape[axis] ?? 1) - 1);
  return {
    inputs: [{ shape }],
    build: (g, [x = g.scalar(0)]) =>
      g.gather(x, g.constant(where, BigInt64Array.from(picked, BigInt)), axis),
  };
};

const gatherElements: CaseMaker = (draw) => {
  const shape = [3, 4];
  const picked = draw.ints(8, 0, 2);
  return {
    inputs: [{ shape }],
    build: (g, [x]) =>
      g.node('GatherElements', [x, g.constant([2, 4], BigInt64Array.from(picked, BigInt))], {
        attributes: { axis: intAttribute(0) },
      }),
  };
};

const topK: CaseMaker = (draw) => {
  const shape = draw.ints(3, 3, 4);
  const axis = draw.int(0, 2);
  return {
    inputs: [{ shape }],
    build: (g, [x = g.scalar(0)]) => g.topK(x, draw.int(1, 3), axis)[0] ?? x,
  };
};

const where: CaseMaker = (draw) => {
  const shape = draw.shape(3);
  const count = shape.reduce((product, size) => product * size, 1);
  const condition = Uint8Array.from({ length: count }, () => draw.int(0, 1));
  return {
    inputs: [{ shape: draw.narrower(shape) }, { shape }],
    build: (g, [yes = g.scalar(0), no = g.scalar(0)]) =>
      g.where(g.store('condition', { elementType: 'bool', shape, data: condition }), yes, no),
  };
};

const pRelu: CaseMaker = (draw) => {
  const shape = draw.shape(4);
  return {
    inputs: [{ shape }, { shape: draw.pick<Shape>([shape[1] ?? 1, 1, 1], [1], shape) }],
    build: (g, all) => g.node('PRelu', all),
  };
};

/** How each operator of the table is put to the test. */
export const GRADIENT_CASES: Readonly<Record<string, CaseMaker>> = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div', POSITIVE),
  Pow: (draw) =>
    draw.chance()
      ? binary('Pow', {}, POSITIVE)(draw)
      : unary((g, x) => g.pow(x, draw.pick(2, 3)))(draw),
  Sum: variadic('Sum'),
  Mean: variadic('Mean'),
  Max: variadic('Max'),
  Min: variadic('Min'),
  Where: where,
  PRelu: pRelu,
  Identity: named('Identity'),
  Dropout: named('Dropout'),
  Neg: named('Neg'),
  Abs: named('Abs'),
  Sqrt: named('Sqrt', POSITIVE),
  Exp: named('Exp'),
  Log: named('Log', POSITIVE),
  Reciprocal: named('Reciprocal', POSITIVE),
  Relu: named('Relu'),
  LeakyRelu: unary((g, x, draw) => g.leakyRelu(x, draw.number(0.05, 0.4))),
  Clip: unary((g, x, draw) =>
    draw.pick(g.clip(x, 0, 6), g.clip(x, -0.7, 0.8), g.clip(x, 0.5, undefined)),
  ),
  Sigmoid: named('Sigmoid'),
  HardSigmoid: named('HardSigmoid', { low: -4, high: 4 }),
  Tanh: named('Tanh'),
  Softplus: named('Softplus'),
  Elu: named('Elu'),
  Softmax: alongAxis('Softmax'),
  LogSoftmax: alongAxis('LogSoftmax'),
  LpNormalization: (draw) =>
    alongAxis('LpNormalization', { p: intAttribute(draw.int(1, 2)) })(draw),
  MatMul: matMul,
  Gemm: gemm,
  ReduceSum: reduction('ReduceSum'),
  ReduceMean: reduction('ReduceMean'),
  ReduceMax: reduction('ReduceMax'),
  ReduceMin: reduction('ReduceMin'),
  ReduceSumSquare: reduction('ReduceSumSquare'),
  ReduceL1: reduction('ReduceL1'),
  ReduceL2: reduction('ReduceL2'),
  ReduceLogSum: reduction('ReduceLogSum', POSITIVE),
  ReduceLogSumExp: reduction('ReduceLogSumExp'),
  Reshape: unary((g, x) => g.reshape(x, [-1])),
  Flatten: unary((g, x) => g.node('Flatten', [x])),
  Squeeze: (draw) => ({
    inputs: [{ shape: [draw.int(1, 3), 1, draw.int(1, 3)] }],
    build: (g, [x = g.scalar(0)]) => g.squeeze(x, [draw.pick(1, -2)]),
  }),
  Unsqueeze: unary((g, x, draw) => g.unsqueeze(x, [draw.pick(0, -1)])),
  Transpose: (draw) => {
    const shape = draw.shape(draw.int(2, 4));
    const perm = intsAttribute(draw.shuffled(shape.length));
    return {
      inputs: [{ shape }],
      build: (g, [x]) => g.node('Transpose', [x], draw.chance() ? {} : { attributes: { perm } }),
    };
  },
  Expand: (draw) => {
    const shape = draw.shape(3);
    return {
      inputs: [{ shape: draw.narrower(shape) }],
      build: (g, [x = g.scalar(0)]) => g.expand(x, shape),
    };
  },
  Tile: unary((g, x, draw) =>
    g.node('Tile', [
      x,
      g.constant([x.shape.length], BigInt64Array.from(draw.ints(x.shape.length, 1, 3), BigInt)),
    ]),
  ),
  Concat: concat,
  Split: split,
  Slice: slice,
  Pad: pad,
  Gather: gather,
  GatherElements: gatherElements,
  TopK: topK,
  Resize: (draw) => {
    const shape = [draw.int(1, 2), draw.int(1, 2), draw.int(2, 5), draw.int(2, 5)];
    const size = [...shape.slice(0, 2), draw.int(1, 9), draw.int(1, 9)];
    const mode = draw.pick('nearest', 'linear');
    const attributes = {
      mode: stringAttribute(mode),
      coordinate_transformation_mode: stringAttribute(
        mode === 'nearest'
          ? 'asymmetric'
          : draw.pick('half_pixel', 'asymmetric', 'align_corners', 'pytorch_half_pixel'),
      ),
      nearest_mode: stringAttribute('floor'),
    };
    const twice = [...shape.slice(0, 2), ...shape.slice(2).map((each) => 2 * each)];
    return {
      inputs: [{ shape }],
      build: (g, [x = g.scalar(0)]) =>
        draw.chance()
          ? g.resize(x, twice, 'nearest')
          : g.node(
              'Resize',
              [x, undefined, undefined, g.constant([4], BigInt64Array.from(size, BigInt))],
              { attributes },
            ),
    };
  },
  ...WINDOW_CASES,
};
