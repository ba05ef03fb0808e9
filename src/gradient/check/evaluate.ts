import type { Graph } from '../../graph/graph.ts';
import { graphBuilder } from '../../graph/graph-builder.ts';
import type { Step, Value } from '../../graph/graph-core.ts';
import { graphFault } from '../../graph/graph-fault.ts';
import { callOf } from '../differentiable-operator.ts';
import type { NdArray } from '../nd-array.ts';
import { operatorNamed } from '../operator-table.ts';

/** A graph made ready for {@link Evaluation.run}. */
export interface Evaluation {
  /** Values of the graph's outputs, in double precision. */
  run(feeds: ReadonlyMap<string, NdArray>): ReadonlyMap<string, NdArray>;
}

/**
 * Computes a graph in double precision with the forward side of the operator table: the reference
 * that float32 runtimes are held against. Slow and plain on purpose.
 * @throws PORTICO_GRAPH_INVALID naming the node when an operator is not in the table
 */
export function evaluation(graph: Graph): Evaluation {
  const g = graphBuilder(graph.name);
  const find = g.embed(graph);
  const steps = [...g.steps()];
  return {
    run(feeds) {
      const values = new Map<string, NdArray>(feeds);
      for (const step of steps) forward(step, values);
      return new Map(
        graph.outputs.map(({ name }) => [name, valuesOf(find(name), values)] as const),
      );
    },
  };
}

function forward(step: Step, values: Map<string, NdArray>): void {
  const operator =
    operatorNamed(step.operator) ??
    graphFault(step.name, step.operator, 'has no reference to compute it by');
  const inputs = step.inputs.flatMap((input) =>
    input === undefined ? [] : [valuesOf(input, values)],
  );
  const results = operator.forward({ call: callOf(step), inputs, outputs: step.outputs });
  step.outputs.forEach((output, index) => {
    const result = results[index];
    if (result !== undefined) values.set(output.name, result);
  });
}

function valuesOf(value: Value, values: ReadonlyMap<string, NdArray>): NdArray {
  const known = values.get(value.name);
  if (known !== undefined) return known;
  const { constant, shape } = value;
  if (constant === undefined) return graphFault(value.name, 'Value', 'was given no values');
  return { shape, data: Float64Array.from<number | bigint>(constant.data, Number) };
}
