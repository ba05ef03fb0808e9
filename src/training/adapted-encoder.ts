import type { Graph } from '../graph/graph.ts';
import { graphBuilder } from '../graph/graph-builder.ts';
import { graphFault } from '../graph/graph-fault.ts';
import { storedWeights } from './siamese-graphs.ts';
import type { Parameter, Tower } from './tower.ts';

/**
 * An encoder and a head as one network with the encoder's input and output, so that whatever runs
 * encoders runs this one.
 * @param base  one picture in, one vector (1, D) out, of any length
 * @param head  takes and gives unit vectors of D
 */
export function adaptedEncoder(base: Graph, head: Tower, parameters: readonly Parameter[]): Graph {
  const [input] = base.inputs;
  const [output] = base.outputs;
  if (input === undefined || output === undefined) {
    return graphFault(base.name, 'Encoder', 'has no input or no output');
  }
  const g = graphBuilder(`${base.name}:adapted`);
  const shape = input.shape.map((size) => (typeof size === 'number' ? size : 1));
  const picture = g.input(input.name, shape, input.elementType);
  const find = g.embed(base, { bindings: new Map([[input.name, picture]]), prefix: 'base/' });
  const unit = g.lpNormalization(find(output.name), 1);
  g.output(output.name, head.build(g, unit, storedWeights(g, parameters)));
  return g.build();
}
