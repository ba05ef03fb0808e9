import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import { elementCount } from '../../graph/tensor.ts';

/** Keeps a target without any energy from dividing by zero. */
const TINY = 1e-12;

/**
 * Sum of squared differences over the target's sum of squares: what makes layers comparable.
 * @param found as the target, or several of them along the first axis: then the mean over them
 */
export function relativeSquaredError(g: GraphBuilder, target: Value, found: Value): Value {
  const all = (value: Value) => ({ axes: value.shape.map((_, axis) => axis) });
  const error = g.reduceSumSquare(g.sub(found, target), all(found));
  const energy = g.add(g.reduceSumSquare(target, all(target)), TINY);
  const repeats = elementCount(found.shape) / elementCount(target.shape);
  return g.div(repeats === 1 ? error : g.mul(error, 1 / repeats), energy);
}
