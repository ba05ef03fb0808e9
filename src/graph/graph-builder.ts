import { type EmbedOptions, embedGraph } from './embed-graph.ts';
import type { Graph } from './graph.ts';
import { GraphCore, type Step } from './graph-core.ts';
import { arithmetic } from './operators/arithmetic.ts';
import { linear } from './operators/linear.ts';
import { movement } from './operators/movement.ts';
import { windows } from './operators/windows.ts';

export type GraphBuilder = ReturnType<typeof graphBuilder>;

/**
 * Starts a graph:
 *
 *     const g = graphBuilder('blur');
 *     const x = g.input('x', [1, 1, 8, 8]);
 *     const weights = g.constant([1, 1, 3, 3], new Float32Array(9).fill(1 / 9));
 *     g.output('y', g.conv(x, { weights, pads: [1, 1, 1, 1] }));
 *     const graph: Graph = g.build();
 *
 * Every operator checks its shapes when it is called.
 * @throws PORTICO_GRAPH_INVALID from each operator, naming node and operator
 */
export function graphBuilder(name: string) {
  const core = new GraphCore(name);
  return {
    input: core.input.bind(core),
    constant: core.constant.bind(core),
    scalar: core.scalar.bind(core),
    store: core.store.bind(core),
    output: core.output.bind(core),
    /** Any known operator by name, for what has no method of its own. */
    apply: core.apply.bind(core),
    /** The same for an operator with one output. */
    node: core.node.bind(core),
    /** Takes in another graph; see {@link embedGraph}. */
    embed: (graph: Graph, options?: EmbedOptions) => embedGraph(core, graph, options),
    /** What was added so far, each step after those it needs. */
    steps: (): readonly Step[] => core.steps,
    build: (): Graph => core.build(),
    ...arithmetic(core),
    ...windows(core),
    ...linear(core),
    ...movement(core),
  };
}
