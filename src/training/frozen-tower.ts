import type { Graph } from '../graph/graph.ts';
import { graphBuilder } from '../graph/graph-builder.ts';
import { graphFault } from '../graph/graph-fault.ts';
import { NAMES } from './siamese-graphs.ts';
import type { Parameter, Tower } from './tower.ts';

/** A trained tower as a network of its own: one sample in, one unit vector out, weights inside. */
export function frozenTower(tower: Tower, parameters: readonly Parameter[]): Graph {
  const g = graphBuilder(tower.name);
  const samples = g.input(NAMES.samples, [1, ...tower.inputShape]);
  const stored = new Map(
    parameters.map(({ name, shape, initial }) => [name, g.constant(shape, initial, name)]),
  );
  const vectors = tower.build(
    g,
    samples,
    (name) => stored.get(name) ?? graphFault(name, 'Weights', 'is no parameter of the tower'),
  );
  g.output(NAMES.vectors, vectors);
  return g.build();
}
