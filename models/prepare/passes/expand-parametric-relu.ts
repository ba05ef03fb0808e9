import { floatAttribute, type Graph, type GraphNode } from '../../../src/graph/graph.ts';
import type { Tensor } from '../../../src/graph/tensor.ts';

/**
 * Writes each per-channel PRelu over an image as `slope x + (1 - slope) relu(x)`, each product
 * a batch normalisation that only scales.
 *
 * ONNX Runtime's CPU provider keeps convolutions in a blocked layout, which batch normalisation
 * shares and PRelu does not: written so, the whole network stays in it. Where there is no such
 * layout a scaling by channel is still an elementwise operator. models/README.md has the times.
 */
export function expandParametricRelu(graph: Graph): Graph {
  const initialisers = new Map(graph.initialisers);
  const nodes = graph.nodes.flatMap((node) => {
    const slope = slopeOf(node, graph.initialisers);
    return slope === undefined ? [node] : expand(node, slope, initialisers);
  });
  const used = new Set(nodes.flatMap((node) => node.inputs));
  return {
    ...graph,
    nodes,
    initialisers: new Map([...initialisers].filter(([name]) => used.has(name))),
  };
}

/** The slope of a PRelu whose shape (C, 1, 1) shows that it runs over an image. */
function slopeOf(
  { operator, inputs }: GraphNode,
  initialisers: ReadonlyMap<string, Tensor>,
): Float32Array | undefined {
  if (operator !== 'PRelu') return undefined;
  const tensor = initialisers.get(inputs[1] ?? '');
  if (tensor === undefined || !(tensor.data instanceof Float32Array)) return undefined;
  const [channels, ...rest] = tensor.shape.slice(-3);
  const isPerChannel = channels === tensor.data.length && rest.length === 2;
  return isPerChannel ? tensor.data : undefined;
}

/** cuDNN refuses a smaller one; with the variance below it divides by exactly 1. */
const EPSILON = 1e-5;

function expand(
  node: GraphNode,
  slope: Float32Array,
  initialisers: Map<string, Tensor>,
): readonly GraphNode[] {
  const [x = '', y = ''] = [node.inputs[0], node.outputs[0]];
  const channels = slope.length;
  const parameter = (name: string, data: Float32Array): string => {
    initialisers.set(name, { elementType: 'float32', shape: [data.length], data });
    return name;
  };
  const zero = parameter(`zeros:${channels}`, new Float32Array(channels));
  const one = parameter(`ones:${channels}`, new Float32Array(channels).fill(1 - EPSILON));
  const step = (operator: string, inputs: readonly string[], output: string): GraphNode => ({
    name: output,
    operator,
    domain: '',
    inputs,
    outputs: [output],
    attributes: operator === 'BatchNormalization' ? { epsilon: floatAttribute(EPSILON) } : {},
  });
  const scaled = (input: string, output: string, factors: Float32Array): GraphNode => {
    const factor = parameter(`${output}/factors`, factors);
    return step('BatchNormalization', [input, factor, zero, zero, one], output);
  };
  const rest = slope.map((value) => 1 - value);
  return [
    scaled(x, `${y}/everywhere`, slope),
    step('Relu', [x], `${y}/positive`),
    scaled(`${y}/positive`, `${y}/rest`, rest),
    step('Add', [`${y}/everywhere`, `${y}/rest`], y),
  ];
}
