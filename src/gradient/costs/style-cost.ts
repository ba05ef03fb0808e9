import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import { gramMatrix } from './gram-matrix.ts';
import { relativeSquaredError } from './relative-squared-error.ts';

/** One layer of the style: what the style's Gram matrix is there, and how much it counts. */
export interface StyleLayer {
  /** (1, C, C), from {@link gramMatrix} of the style. */
  readonly style: Value;
  /** (N, C, H, W), features of the generated pictures; the cost is the mean over them. */
  readonly generated: Value;
  /** Share of this layer, >= 0. */
  readonly weight: number;
}

/**
 * How far the generated picture's textures are from the style's: J_style(S, G), the weighted sum
 * over layers.
 * @returns scalar >= 0, dimensionless; every layer alone is 1 for a picture without features
 * Source: Gatys et al. 2016, eqs. 4 and 5, each layer divided by its target's energy
 */
export function styleCost(g: GraphBuilder, layers: readonly StyleLayer[]): Value {
  return g.sum(
    layers.map(({ style, generated, weight }) =>
      g.mul(relativeSquaredError(g, style, gramMatrix(g, generated)), weight),
    ),
  );
}
