import { type Attribute, type GraphNode, intAttribute } from './graph.ts';
import { graphFault } from './graph-fault.ts';
import type { Tensor } from './tensor.ts';

/** Attributes that later operator sets turned into inputs, and where that input stands. */
const MOVED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Squeeze: { axes: 1 },
  Unsqueeze: { axes: 1 },
  Split: { split: 1 },
  Slice: { starts: 1, ends: 2, axes: 3 },
  Pad: { pads: 1, value: 2 },
  Clip: { min: 1, max: 2 },
  ReduceSum: { axes: 1 },
  ReduceMean: { axes: 1 },
  ReduceMax: { axes: 1 },
  ReduceMin: { axes: 1 },
  ReduceL1: { axes: 1 },
  ReduceL2: { axes: 1 },
  ReduceSumSquare: { axes: 1 },
  ReduceLogSum: { axes: 1 },
  ReduceLogSumExp: { axes: 1 },
};

/** Attributes that only steer training, or that later sets dropped. */
const DROPPED: Readonly<Record<string, readonly string[]>> = {
  BatchNormalization: ['spatial', 'momentum', 'training_mode', 'consumed_inputs'],
  Dropout: ['ratio', 'is_test', 'seed'],
};

/**
 * A node of an older operator set in the form of opset 18.
 * @param rank of the first input
 * @returns the node, and the constants that take the place of its moved attributes
 * @throws PORTICO_GRAPH_INVALID for the operators whose meaning changed otherwise
 */
export function toCurrentForm(
  node: GraphNode,
  opset: number,
  rank: number,
): GraphNode & { readonly constants?: ReadonlyMap<number, Tensor> } {
  const { operator } = node;
  if (opset < 13 && (operator === 'Softmax' || operator === 'LogSoftmax')) {
    return lastAxis(node, rank);
  }
  const moved = MOVED[operator] ?? {};
  const dropped = DROPPED[operator] ?? [];
  const constants = new Map<number, Tensor>();
  const kept = Object.entries(node.attributes).filter(([name, attribute]) => {
    const index = moved[name];
    if (index !== undefined) constants.set(index, tensorOf(attribute, node));
    return index === undefined && !dropped.includes(name);
  });
  return { ...node, attributes: Object.fromEntries(kept), constants };
}

function tensorOf(attribute: Attribute, { name, operator }: GraphNode): Tensor {
  switch (attribute.kind) {
    case 'ints':
      return {
        elementType: 'int64',
        shape: [attribute.value.length],
        data: BigInt64Array.from(attribute.value, BigInt),
      };
    case 'float':
      return { elementType: 'float32', shape: [], data: Float32Array.of(attribute.value) };
    case 'int':
    case 'string':
    case 'floats':
    case 'strings':
    case 'tensor':
      return graphFault(name, operator, `has an attribute of the kind ${attribute.kind}`);
  }
}

/** Before opset 13 everything after the axis was one; only for the last axis that is the same. */
function lastAxis(node: GraphNode, rank: number): GraphNode {
  const axis = node.attributes['axis'] ?? intAttribute(1);
  const isLast = axis.kind === 'int' && (axis.value === -1 || axis.value === rank - 1);
  if (!isLast) graphFault(node.name, node.operator, 'joins several axes, as old operator sets do');
  return { ...node, attributes: { axis: intAttribute(-1) } };
}
