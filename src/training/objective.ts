import type { Graph } from '../graph/graph.ts';
import type { RandomSource } from '../numeric/random.ts';
import type { ParameterStore } from './parameter-store.ts';
import type { Parameter, Sample } from './tower.ts';

/** A batch as the towers see it now. */
export interface SeenBatch {
  readonly people: readonly string[];
  /** One unit row per sample; the towers run when they are asked for. */
  readonly vectors: () => Promise<readonly Float32Array[]>;
}

/** What is to become small, and how well it went. */
export interface Objective {
  /** Those of the tower, and what the objective adds. */
  readonly parameters: readonly Parameter[];
  /** Outputs `cost` and its derivatives for a batch of so many rows. */
  costGraph(rows: number): Graph;
  /** What the graph wants besides the samples: which rows meet which. */
  choose(batch: SeenBatch, random: RandomSource): Promise<Readonly<Record<string, Float32Array>>>;
  /** TAR at FMR 1e-2 over all comparisons between these samples. */
  tar(samples: readonly Sample[], vectors: readonly Float32Array[], store: ParameterStore): number;
}

/** (rows, rows) of ones and zeros: row i picks what `pick` says of item i. */
export function selection<T>(
  items: readonly T[],
  rows: number,
  pick: (item: T) => number,
): Float32Array {
  const matrix = new Float32Array(rows * rows);
  for (const [index, item] of items.entries()) matrix[index * rows + pick(item)] = 1;
  return matrix;
}
