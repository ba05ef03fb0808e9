import { gradientName } from '../gradient/differentiate.ts';
import { gradients } from '../gradient/gradients.ts';
import type { Graph } from '../graph/graph.ts';
import { type GraphBuilder, graphBuilder } from '../graph/graph-builder.ts';
import type { Value } from '../graph/graph-core.ts';
import { graphFault } from '../graph/graph-fault.ts';
import type { Parameter, Tower, Weights } from './tower.ts';

/** Names of the inputs and outputs of the training graphs. */
export const NAMES = {
  samples: 'samples',
  vectors: 'vectors',
  cost: 'cost',
} as const;

/** The tower alone: samples (B, ...) in, unit vectors (B, D) out; the weights are inputs. */
export function towerGraph(tower: Tower, batch: number): Graph {
  const g = graphBuilder(tower.name);
  const samples = g.input(NAMES.samples, [batch, ...tower.inputShape]);
  g.output(NAMES.vectors, tower.build(g, samples, weightInputs(g, tower.parameters)));
  return g.build();
}

/** A graph in which equal towers look at one batch. */
export interface SiameseGraph {
  readonly g: GraphBuilder;
  readonly weights: Weights;
  /** The vectors of as many rows as the batch has, told by an input (B, B) of ones and zeros. */
  readonly chosen: (name: string) => Value;
}

/** @param parameters  those of the tower, and what is trained besides: all of them inputs */
export function siameseGraph(
  name: string,
  tower: Tower,
  parameters: readonly Parameter[],
  batch: number,
): SiameseGraph {
  const g = graphBuilder(`${tower.name}:${name}`);
  const samples = g.input(NAMES.samples, [batch, ...tower.inputShape]);
  const weights = weightInputs(g, parameters);
  const vectors = tower.build(g, samples, weights);
  return { g, weights, chosen: (rows) => g.matMul(g.input(rows, [batch, batch]), vectors) };
}

export interface TrainedWeights {
  readonly parameters: readonly Parameter[];
  readonly weights: Weights;
  readonly decay: number;
}

/** Outputs the cost without the decay, and the derivatives of the cost with it. */
export function publishCost(
  g: GraphBuilder,
  cost: Value,
  { parameters, weights, decay }: TrainedWeights,
): void {
  const values = parameters.map(({ name }) => weights(name));
  const squares = values.map((value) =>
    g.reshape(g.reduceSumSquare(value, { axes: value.shape.map((_, axis) => axis) }), cost.shape),
  );
  const whole = decay === 0 ? cost : g.add(cost, g.mul(g.sum(squares), decay));
  const derivatives = gradients(g, whole, values);
  g.output(NAMES.cost, cost);
  for (const [index, { name }] of parameters.entries()) {
    const derivative = derivatives[index];
    if (derivative !== undefined) g.output(gradientName(name), derivative);
  }
}

/** Weights that whoever runs the graph feeds. */
const weightInputs = (g: GraphBuilder, parameters: readonly Parameter[]): Weights =>
  weightsOf(parameters, ({ name, shape }) => g.input(name, shape));

/** Weights that are part of the graph. */
export const storedWeights = (g: GraphBuilder, parameters: readonly Parameter[]): Weights =>
  weightsOf(parameters, ({ name, shape, initial }) => g.constant(shape, initial, name));

function weightsOf(
  parameters: readonly Parameter[],
  define: (parameter: Parameter) => Value,
): Weights {
  const values = new Map(parameters.map((parameter) => [parameter.name, define(parameter)]));
  return (name) => values.get(name) ?? graphFault(name, 'Weights', 'is no parameter of the tower');
}
