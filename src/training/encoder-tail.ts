import type { Graph } from '../graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import { graphFault } from '../graph/graph-fault.ts';
import type { Shape, Tensor } from '../graph/tensor.ts';
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
export function cutEncoder(encoder: Graph, layers: number): CutEncoder {
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

/** A way round the cut, as in a residual block, would need the picture again. */
function assertSeparates(encoder: Graph, cut: string): void {
  const needed = new Set([beforeReshape(encoder)]);
  for (const { inputs, outputs } of encoder.nodes.toReversed()) {
    if (!outputs.some((name) => name !== cut && needed.has(name))) continue;
    for (const name of inputs) needed.add(name);
  }
  if (!encoder.inputs.some(({ name }) => needed.has(name))) return;
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
  const end = beforeReshape(encoder);
  const find = target.embed(encoder, {
    bindings: new Map([[cut, x], ...names.map((name) => [name, weights(name)] as const)]),
    upTo: [end],
    prefix: 'tail/',
  });
  return target.lpNormalization(asRows(target, find(end)), 1);
}

/** What the last node makes a row of: its own shape is written for one picture at a time. */
function beforeReshape(encoder: Graph): string {
  const last = encoder.nodes.at(-1);
  const [input] = last?.inputs ?? [];
  if (last !== undefined && input !== undefined && ['Reshape', 'Flatten'].includes(last.operator)) {
    return input;
  }
  return encoder.outputs[0]?.name ?? '';
}

function asRows(g: GraphBuilder, value: Value): Value {
  const [rows = 1, ...rest] = value.shape;
  const shape: Shape = [rows, rest.reduce((product, size) => product * size, 1)];
  return g.reshape(value, shape);
}
