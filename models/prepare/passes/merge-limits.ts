import type { Graph, GraphNode } from '../../../src/graph/graph.ts';
import type { Tensor } from '../../../src/graph/tensor.ts';

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Makes one Clip of a Relu and the Clips that follow it, each feeding only the next: ReLU6 as older
 * TensorFlow writes it. ONNX Runtime fuses one of them into a convolution, not a chain.
 */
export function mergeLimits(graph: Graph): Graph {
  const initialisers = new Map(graph.initialisers);
  const uses = new Map<string, number>();
  const consumed = [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs.map(nameOf)];
  for (const name of consumed) uses.set(name, (uses.get(name) ?? 0) + 1);
  const limits = new Map<string, GraphNode & { readonly range: Range }>();
  const merged = new Set<string>();
  const nodes = graph.nodes.map((node) => {
    const range = rangeOf(node, initialisers);
    const [x = ''] = node.inputs;
    const [y = ''] = node.outputs;
    if (range === undefined) return node;
    const before = uses.get(x) === 1 ? limits.get(x) : undefined;
    if (before === undefined) {
      limits.set(y, { ...node, range });
      return node;
    }
    // Clipping to one range and then to another: the ends of the first, clipped to the second.
    const clip = (value: number) => Math.min(range.high, Math.max(range.low, value));
    const both = { low: clip(before.range.low), high: clip(before.range.high) };
    const inputs = [
      before.inputs[0] ?? '',
      scalar(both.low, initialisers),
      scalar(both.high, initialisers),
    ];
    const clipped = { ...node, operator: 'Clip', inputs };
    merged.add(x);
    limits.set(y, { ...clipped, range: both });
    return clipped;
  });
  const left = nodes.filter((node) => !merged.has(node.outputs[0] ?? ''));
  const used = new Set(left.flatMap((node) => node.inputs));
  return {
    ...graph,
    nodes: left,
    initialisers: new Map([...initialisers].filter(([name]) => used.has(name))),
  };
}

const nameOf = ({ name }: { readonly name: string }): string => name;

function rangeOf(
  { operator, inputs }: GraphNode,
  initialisers: ReadonlyMap<string, Tensor>,
): Range | undefined {
  if (operator === 'Relu') return { low: 0, high: Number.POSITIVE_INFINITY };
  if (operator !== 'Clip') return undefined;
  const bound = (name: string | undefined, whenAbsent: number): number =>
    name === undefined || name === ''
      ? whenAbsent
      : Number(initialisers.get(name)?.data[0] ?? Number.NaN);
  const low = bound(inputs[1], Number.NEGATIVE_INFINITY);
  const high = bound(inputs[2], Number.POSITIVE_INFINITY);
  return Number.isNaN(low) || Number.isNaN(high) ? undefined : { low, high };
}

function scalar(value: number, initialisers: Map<string, Tensor>): string {
  if (!Number.isFinite(value)) return '';
  const name = `limit:${value}`;
  initialisers.set(name, { elementType: 'float32', shape: [], data: Float32Array.of(value) });
  return name;
}
