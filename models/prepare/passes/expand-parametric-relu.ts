import {
  type Graph,
  type GraphNode,
  intAttribute,
  intsAttribute,
} from '../../../src/graph/graph.ts';
import type { Tensor } from '../../../src/graph/tensor.ts';

/**
 * Writes each per-channel PRelu over an image as `slope x + (1 - slope) relu(x)`, each product a
 * depthwise 1 x 1 convolution.
 *
 * ONNX Runtime's CPU provider keeps convolutions in a blocked layout and leaves it for every
 * PRelu; written so, the whole network stays in it. models/README.md has the times.
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

function expand(
  node: GraphNode,
  slope: Float32Array,
  initialisers: Map<string, Tensor>,
): readonly GraphNode[] {
  const [x = '', y = ''] = [node.inputs[0], node.outputs[0]];
  const scaled = (input: string, suffix: string, factors: Float32Array): GraphNode => {
    const [output, weights] = [`${y}/${suffix}`, `${y}/${suffix}_weights`];
    const shape = [factors.length, 1, 1, 1];
    initialisers.set(weights, { elementType: 'float32', shape, data: factors });
    const attributes = {
      group: intAttribute(factors.length),
      kernel_shape: intsAttribute([1, 1]),
    };
    return {
      name: output,
      operator: 'Conv',
      domain: '',
      inputs: [input, weights],
      outputs: [output],
      attributes,
    };
  };
  const plain = (operator: string, inputs: readonly string[], output: string): GraphNode => {
    return { name: output, operator, domain: '', inputs, outputs: [output], attributes: {} };
  };
  const rest = slope.map((value) => 1 - value);
  return [
    scaled(x, 'everywhere', slope),
    plain('Relu', [x], `${y}/positive`),
    scaled(`${y}/positive`, 'rest', rest),
    plain('Add', [`${y}/everywhere`, `${y}/rest`], y),
  ];
}
