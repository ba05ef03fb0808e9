import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';

/** Keeps a target without any energy from dividing by zero. */
const TINY = 1e-12;

/** Sum of squared differences over the target's sum of squares: what makes layers comparable. */
export function relativeSquaredError(g: GraphBuilder, target: Value, found: Value): Value {
  const axes = target.shape.map((_, axis) => axis);
  const error = g.reduceSumSquare(g.sub(found, target), { axes });
  return g.div(error, g.add(g.reduceSumSquare(target, { axes }), TINY));
}
