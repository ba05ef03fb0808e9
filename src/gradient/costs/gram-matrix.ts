import type { GraphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';

/**
 * Which features occur together, wherever they occur: G = A A^T / (H W), A being (C, H W).
 * @param features (N, C, H, W)
 * @returns (N, C, C), symmetric; divided by the number of places, so that pictures of different
 *   sizes compare
 * Source: Gatys et al. 2016, eq. 3, with this file's normalisation
 */
export function gramMatrix(g: GraphBuilder, features: Value): Value {
  const [count = 1, channels = 1, height = 1, width = 1] = features.shape;
  const places = height * width;
  const rows = g.reshape(features, [count, channels, places]);
  return g.mul(g.matMul(rows, g.transpose(rows, [0, 2, 1])), 1 / places);
}
