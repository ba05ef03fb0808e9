import type { GraphNode } from './graph.ts';
import type { Value } from './graph-core.ts';
import type { Tensor } from './tensor.ts';

/**
 * The value of a node that only computes with sizes, which exporters write where a size could be
 * open: with known shapes they are constants.
 * @returns undefined for every other node
 */
export function foldIntegers(
  node: GraphNode,
  inputs: readonly (Value | undefined)[],
): Tensor | undefined {
  const { attributes, operator } = node;
  const [first] = inputs;
  if (operator === 'Constant') {
    const value = attributes['value'];
    return value?.kind === 'tensor' ? value.value : undefined;
  }
  if (operator === 'Shape' && first !== undefined) return int64(first.shape.map(BigInt));
  const known = inputs.map((value) => value?.constant?.data);
  const [data] = known;
  if (!(data instanceof BigInt64Array)) return undefined;
  switch (operator) {
    case 'Gather': {
      const [, indices] = known;
      if (indices === undefined || (first?.shape.length ?? 0) > 1) return undefined;
      const picked = Array.from<number | bigint, bigint>(
        indices,
        (index) => data[Number(index) + (Number(index) < 0 ? data.length : 0)] ?? 0n,
      );
      return int64(picked, inputs[1]?.shape ?? []);
    }
    case 'Unsqueeze':
      return data.length === 1 && first?.shape.length === 0 ? int64([...data]) : undefined;
    case 'Concat':
      return known.every((part) => part instanceof BigInt64Array)
        ? int64(known.flatMap((part) => (part instanceof BigInt64Array ? [...part] : [])))
        : undefined;
    default:
      return undefined;
  }
}

const int64 = (values: readonly bigint[], shape: readonly number[] = [values.length]): Tensor => ({
  elementType: 'int64',
  shape,
  data: BigInt64Array.from(values),
});
