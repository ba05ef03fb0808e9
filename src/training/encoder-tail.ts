import type { Graph } from '../graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import { graphFault } from '../graph/graph-fault.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Parameter, Tower, Weights } from './tower.ts';

/** An encoder cut in two: a body that stays as it is, and a tail that training moves. */
export interface CutEncoder {
  /** A picture in, the features at the cut out, under {@link FEATURES}. */
  readonly body: Graph;
  /** From the features to the unit vector; begins with the encoder's own weights. */
  readonly tail: Tower;
}

export const FEATURES = 'features';

/**
 * Cuts before the last layers that have weights.
 * @param layers  how many of them the tail has: convolutions and fully connected layers
 * @throws PORTICO_GRAPH_INVALID when the encoder has not so many, or does not end in one row
 */
export function cutEncoder(onePicture: Graph, layers: number): CutEncoder {
  const encoder = forManyRows(onePicture);
  const [input] = encoder.inputs;
  const [output] = encoder.outputs;
  const isLayer = (operator: string): boolean => ['Conv', 'Gemm', 'MatMul'].includes(operator);
  const weighted = encoder.nodes.filter(({ operator }) => isLayer(operator)).slice(-layers);
  const cut = weighted[0]?.inputs[0];
  if (
    input === undefined ||
    output === undefined ||
    cut === undefined ||
    weighted.length < layers
  ) {
    return graphFault(encoder.name, 'Encoder', `has no ${layers} layers with weights to train`);
  }
  const g = graphBuilder(`${encoder.name}:body`);
  const shape = input.shape.map((size) => (typeof size === 'number' ? size : 1));
  const picture = g.input(input.name, shape, input.elementType);
  const features = g.embed(encoder, {
    bindings: new Map([[input.name, picture]]),
    upTo: [cut],
    prefix: 'body/',
  })(cut);
  g.output(FEATURES, g.identity(features));
  assertSeparates(encoder, cut);
  const names = weighted.flatMap(({ inputs }) =>
    inputs.slice(1).filter((name) => encoder.initialisers.has(name)),
  );
  return {
    body: g.build(),
    tail: {
      name: `${encoder.name}:tail`,
      inputShape: features.shape.slice(1),
      parameters: names.map((name) => parameterOf(name, encoder.initialisers.get(name))),
      build: (target, x, weights) => builtTail(encoder, { cut, names }, { target, x, weights }),
    },
  };
}

/**
 * Encoders are written for one picture at a time: where they reshape, the first size says 1. A zero there
 * keeps as many rows as there are.
 */
function forManyRows(encoder: Graph): Graph {
  const targets = new Set(
    encoder.nodes.flatMap(({ operator, inputs: [, shape = ''] }) =>
      operator === 'Reshape' ? [shape] : [],
    ),
  );
  const initialisers = [...encoder.initialisers].map(([name, tensor]) => {
    const { data } = tensor;
    const isForOne = targets.has(name) && data instanceof BigInt64Array && data[0] === 1n;
    if (!isForOne) return [name, tensor] as const;
    return [name, { ...tensor, data: BigInt64Array.of(0n, ...data.subarray(1)) }] as const;
  });
  return { ...encoder, initialisers: new Map(initialisers) };
}

/** A way round the cut, as in a residual block, would need the picture again. */
function assertSeparates(encoder: Graph, cut: string): void {
  const needed = new Set(encoder.outputs.map(({ name }) => name));
  for (const { inputs, outputs } of encoder.nodes.toReversed()) {
    if (!outputs.some((name) => name !== cut && needed.has(name))) continue;
    for (const name of inputs) needed.add(name);
  }
  if (!encoder.inputs.some(({ name }) => name !== cut && needed.has(name))) return;
  graphFault(cut, 'Cut', 'lies beside a shortcut: train one layer more or fewer');
}

function parameterOf(name: string, tensor: Tensor | undefined): Parameter {
  if (tensor?.data instanceof Float32Array) {
    return { name, shape: tensor.shape, initial: tensor.data };
  }
  return graphFault(name, 'Weights', 'are not stored as float32');
}

function builtTail(
  encoder: Graph,
  { cut, names }: { readonly cut: string; readonly names: readonly string[] },
  { target, x, weights }: { target: GraphBuilder; x: Value; weights: Weights },
): Value {
  const end = encoder.outputs[0]?.name ?? '';
  const find = target.embed(encoder, {
    bindings: new Map([[cut, x], ...names.map((name) => [name, weights(name)] as const)]),
    upTo: [end],
    prefix: 'tail/',
  });
  return target.lpNormalization(find(end), 1);
}
