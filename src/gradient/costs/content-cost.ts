import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import { relativeSquaredError } from './relative-squared-error.ts';

/**
 * How far the generated picture's features are from the content's: J_content(C, G).
 * @param content features of the content at a middle layer
 * @param generated features of the generated picture at the same layer
 * @returns scalar >= 0, dimensionless; 1 when the generated picture has no features at all
 * Source: Gatys et al. 2016, eq. 1, divided by the content's energy instead of by 4 H W C
 */
export const contentCost = (g: GraphBuilder, content: Value, generated: Value): Value =>
  relativeSquaredError(g, content, generated);
