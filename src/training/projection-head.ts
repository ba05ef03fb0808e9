import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import type { Tower, Weights } from './tower.ts';

const WEIGHTS = 'projection';

/**
 * A head on frozen embeddings: normalise(x + x W). W begins at zero, so the untrained head is
 * the encoder itself, and decay of the weights pulls towards what millions of faces have taught it.
 * @param dimension  D of the encoder
 */
export function projectionHead(dimension: number): Tower {
  return {
    name: 'projection-head',
    inputShape: [dimension],
    parameters: [
      {
        name: WEIGHTS,
        shape: [dimension, dimension],
        initial: new Float32Array(dimension * dimension),
      },
    ],
    build: projected,
  };
}

function projected(g: GraphBuilder, x: Value, weights: Weights): Value {
  return g.lpNormalization(g.add(x, g.matMul(x, weights(WEIGHTS))), 1);
}
