import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import { type Shape, sameShape } from '../graph/tensor.ts';

/**
 * The derivative by an operand that was broadcast: the sum over every place it was copied to.
 * @param gradient of the broadcast shape
 * @param shape of the operand
 */
export function sumTo(g: GraphBuilder, gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient;
  const added = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((size, axis) =>
    axis < added || (shape[axis - added] === 1 && size !== 1) ? [axis] : [],
  );
  const summed = axes.length === 0 ? gradient : g.reduceSum(gradient, { axes, keep: true });
  return sameShape(summed.shape, shape) ? summed : g.reshape(summed, shape);
}
