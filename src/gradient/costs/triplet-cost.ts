import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';

export interface TripletCostInputs {
  /** All three (B, D), unit vectors: row i of each is one triplet. */
  readonly anchor: Value;
  readonly positive: Value;
  readonly negative: Value;
  /** What the negative must be farther away by, in squared distance. */
  readonly margin: number;
}

/**
 * Mean over the triplets of max(|A - P|^2 - |A - N|^2 + margin, 0).
 * @returns scalar >= 0
 * Source: Schroff et al. 2015, eq. 2, as a mean instead of a sum
 */
export function tripletCost(
  g: GraphBuilder,
  { anchor, positive, negative, margin }: TripletCostInputs,
): Value {
  const squaredDistance = (other: Value) => g.reduceSumSquare(g.sub(anchor, other), { axes: [1] });
  const excess = g.sub(squaredDistance(positive), squaredDistance(negative));
  return g.reduceMean(g.relu(g.add(excess, margin)), { axes: [0] });
}
