import type { Graph } from '../../graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../../graph/graph-builder.ts';
import type { Value } from '../../graph/graph-core.ts';
import type { Shape } from '../../graph/tensor.ts';
import { COST, differentiate, gradientName } from '../differentiate.ts';
import type { NdArray } from '../nd-array.ts';
import type { Draw } from './draw.ts';
import { type Evaluation, evaluation } from './evaluate.ts';

export interface CaseInput {
  readonly shape: Shape;
  /** Range of its values; -2 to 2 when absent. */
  readonly low?: number;
  readonly high?: number;
}

/** One use of an operator: inputs that it is differentiated by, and how it is built. */
export interface GradientCase {
  readonly inputs: readonly CaseInput[];
  readonly build: (g: GraphBuilder, inputs: readonly Value[]) => Value;
}

/** Runs a float32 graph on some engine; feeds and outputs by name. */
export type RunGraph = (
  graph: Graph,
  feeds: Readonly<Record<string, Float32Array>>,
) => Promise<ReadonlyMap<string, Float32Array>>;

/** Largest differences, each over the largest magnitude of what it is held against. */
export interface GradientError {
  /** The engine's float32 cost and the reference's float64 one. */
  readonly forward: number;
  /** The graph's derivatives in float32, and central differences of the reference in float64. */
  readonly backward: number;
}

/** Small enough for a curvature of one, large enough that float64 still tells the two sides apart. */
const STEP = 1e-5;
const nameOf = (index: number): string => `x${index}`;

/** Holds the derivatives of one case against central differences in every direction. */
export async function checkGradient(
  { inputs, build }: GradientCase,
  draw: Draw,
  run: RunGraph,
): Promise<GradientError> {
  const g = graphBuilder('case');
  const values = inputs.map(({ shape }, index) => g.input(nameOf(index), shape));
  const y = build(g, values);
  // A weight of its own for every element, so that no two errors cancel; and not balanced round
  // zero, so that the sum over all of them is no small difference of large numbers.
  const weights = g.constant(y.shape, draw.values(y.shape, -0.5, 1.5));
  g.output(COST, g.reduceSum(g.mul(y, weights), { axes: [] }));
  const graph = g.build();
  const feeds = Object.fromEntries(
    inputs.map(({ shape, low = -2, high = 2 }, index) => [
      nameOf(index),
      draw.values(shape, low, high),
    ]),
  );
  const withRespectTo = inputs.map((_, index) => nameOf(index));
  const results = await run(differentiate(graph, { cost: COST, withRespectTo }), feeds);
  return errorAgainstReference(evaluation(graph), inputs, feeds, results);
}

function errorAgainstReference(
  reference: Evaluation,
  inputs: readonly CaseInput[],
  feeds: Readonly<Record<string, Float32Array>>,
  results: ReadonlyMap<string, Float32Array>,
): GradientError {
  const arrays = new Map<string, NdArray>(
    inputs.map(({ shape }, index) => [
      nameOf(index),
      { shape, data: Float64Array.from(feeds[nameOf(index)] ?? []) },
    ]),
  );
  const cost = () => reference.run(arrays).get(COST)?.data[0] ?? Number.NaN;
  const expected = cost();
  const found = results.get(COST)?.[0] ?? Number.NaN;
  let [difference, magnitude] = [0, 0];
  for (const [name, { data }] of arrays) {
    const gradient = results.get(gradientName(name)) ?? new Float32Array();
    if (gradient.length !== data.length) return { forward: Number.NaN, backward: Number.NaN };
    for (const [index, value] of data.entries()) {
      data[index] = value + STEP;
      const above = cost();
      data[index] = value - STEP;
      const slope = (above - cost()) / (2 * STEP);
      data[index] = value;
      difference = Math.max(difference, Math.abs(slope - (gradient[index] ?? Number.NaN)));
      magnitude = Math.max(magnitude, Math.abs(slope));
    }
  }
  return {
    forward: Math.abs(found - expected) / Math.max(1, Math.abs(expected)),
    backward: magnitude === 0 ? difference : difference / magnitude,
  };
}
