import { gradientName } from '../gradient/differentiate.ts';
import type { Graph } from '../graph/graph.ts';
import { Adam } from '../numeric/optimisers/adam.ts';
import type { Optimiser } from '../numeric/optimisers/optimiser.ts';
import { Sgd } from '../numeric/optimisers/sgd.ts';
import type { ParameterStore } from './parameter-store.ts';
import { NAMES } from './siamese-graphs.ts';

/** A graph that is ready to run, on whatever engine and provider. */
export interface RunnableGraph {
  run(feeds: Readonly<Record<string, Float32Array>>): Promise<ReadonlyMap<string, Float32Array>>;
  close(): Promise<void>;
}

export type OpenGraph = (graph: Graph) => Promise<RunnableGraph>;

export const OPTIMISERS = ['adam', 'sgd'] as const;

export interface OptimiserChoice {
  readonly optimiser: (typeof OPTIMISERS)[number];
  readonly learningRate: number;
}

const MOMENTUM = 0.9;

/** Moves parameters along the derivatives that a graph gives. */
export class Descent {
  readonly #graph: RunnableGraph;
  readonly #store: ParameterStore;
  readonly #optimiser: Optimiser;

  /** @param graph  outputs `cost` and the derivative by each parameter */
  constructor(graph: RunnableGraph, store: ParameterStore, choice: OptimiserChoice) {
    this.#graph = graph;
    this.#store = store;
    this.#optimiser =
      choice.optimiser === 'adam'
        ? new Adam({ learningRate: choice.learningRate })
        : new Sgd({ learningRate: choice.learningRate, momentum: MOMENTUM });
  }

  /** @returns the cost before the step */
  async step(feeds: Readonly<Record<string, Float32Array>>): Promise<number> {
    const store = this.#store;
    const results = await this.#graph.run({ ...feeds, ...store.feeds });
    for (const { name } of store.parameters) {
      const derivative = results.get(gradientName(name));
      if (derivative !== undefined) store.setGradient(name, derivative);
    }
    const cost = results.get(NAMES.cost)?.[0] ?? Number.NaN;
    this.#optimiser.step(store.values, store.gradient, cost);
    return cost;
  }
}
