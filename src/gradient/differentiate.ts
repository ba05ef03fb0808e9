import type { Graph } from '../graph/graph.ts';
import { graphBuilder } from '../graph/graph-builder.ts';
import { graphFault } from '../graph/graph-fault.ts';
import type { TensorType } from '../graph/tensor.ts';
import { gradients } from './gradients.ts';

interface ClosedValue extends TensorType {
  readonly name: string;
}

export interface DifferentiateOptions {
  /** Name of the value to differentiate: one float32 number. */
  readonly cost: string;
  /** Names of inputs or initialisers. */
  readonly withRespectTo: readonly string[];
  /** Other values of the graph that the result also publishes, under their own names. */
  readonly keep?: readonly string[];
}

/** Name of the output that holds the derivative by a variable, in its shape. */
export const gradientName = (variable: string): string => `gradient:${variable}`;

/** Name of the output that holds the cost. */
export const COST = 'cost';

/**
 * The graph that computes a cost and its derivatives, all in ordinary ONNX nodes of opset 18.
 * An initialiser that is differentiated becomes an input, because whoever trains it feeds it.
 * @returns a graph with the outputs `cost`, one {@link gradientName} per variable, and `keep`
 * @throws PORTICO_GRAPH_UNSUPPORTED, PORTICO_GRAPH_INVALID as {@link gradients}
 */
export function differentiate(
  graph: Graph,
  { cost, withRespectTo, keep = [] }: DifferentiateOptions,
): Graph {
  const g = graphBuilder(`${graph.name}:gradient`);
  const bindings = new Map(
    inputsOf(graph, withRespectTo).map(({ name, shape, elementType }) => [
      name,
      g.input(name, shape, elementType),
    ]),
  );
  const upTo = [cost, ...withRespectTo, ...keep];
  // A prefix, so that the published names are free.
  const find = g.embed(graph, { bindings, upTo, prefix: 'forward/' });
  const derivatives = gradients(g, find(cost), withRespectTo.map(find));
  g.output(COST, find(cost));
  withRespectTo.forEach((name, index) => {
    const derivative = derivatives[index];
    if (derivative !== undefined) g.output(gradientName(name), derivative);
  });
  for (const name of keep) g.output(name, find(name));
  return g.build();
}

function inputsOf(graph: Graph, variables: readonly string[]): readonly ClosedValue[] {
  const inputs = graph.inputs.map(({ name, elementType, shape }) => ({
    name,
    elementType,
    shape: shape.map((size) =>
      typeof size === 'number' ? size : graphFault(name, 'Input', `its size "${size}" is open`),
    ),
  }));
  const initialisers = variables.flatMap((name) => {
    const tensor = graph.initialisers.get(name);
    return tensor === undefined ? [] : [{ name, ...tensor }];
  });
  return [...inputs, ...initialisers];
}
