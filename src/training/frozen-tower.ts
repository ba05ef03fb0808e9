import type { Graph } from '../graph/graph.ts';
import { graphBuilder } from '../graph/graph-builder.ts';
import { NAMES, storedWeights } from './siamese-graphs.ts';
import type { Parameter, Tower } from './tower.ts';

/** A trained tower as a network of its own: one sample in, one unit vector out, weights inside. */
export function frozenTower(tower: Tower, parameters: readonly Parameter[]): Graph {
  const g = graphBuilder(tower.name);
  const samples = g.input(NAMES.samples, [1, ...tower.inputShape]);
  g.output(NAMES.vectors, tower.build(g, samples, storedWeights(g, parameters)));
  return g.build();
}
