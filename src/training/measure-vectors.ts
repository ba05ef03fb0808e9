import { allComparisons } from '../evaluation/all-comparisons.ts';
import type { Compare } from '../evaluation/comparators/comparator.ts';
import { tarAt } from '../evaluation/error-rates.ts';
import { thresholdAtFmr } from '../evaluation/threshold-at-fmr.ts';
import { dot } from '../numeric/linear-algebra.ts';
import type { RunnableGraph } from './descent.ts';
import type { ParameterStore } from './parameter-store.ts';
import { NAMES } from './siamese-graphs.ts';
import type { Sample } from './tower.ts';

/** The false match rate at which heads are compared. */
export const VALIDATION_FMR = 1e-2;

/** Every sample through the tower, in batches of the size that the graph takes. */
export async function vectorsOf(
  samples: readonly Sample[],
  tower: { readonly graph: RunnableGraph; readonly batch: number; readonly store: ParameterStore },
): Promise<readonly Float32Array[]> {
  const { graph, batch, store } = tower;
  const size = samples[0]?.values.length ?? 0;
  const block = new Float32Array(batch * size);
  const vectors: Float32Array[] = [];
  for (let start = 0; start < samples.length; start += batch) {
    const part = samples.slice(start, start + batch);
    // The last batch is filled up with the rows of the one before: nobody looks at them.
    for (const [row, { values }] of part.entries()) block.set(values, row * size);
    const results = await graph.run({ [NAMES.samples]: block, ...store.feeds });
    const found = results.get(NAMES.vectors) ?? new Float32Array();
    const dimension = found.length / batch;
    for (const row of part.keys()) {
      vectors.push(found.slice(row * dimension, (row + 1) * dimension));
    }
  }
  return vectors;
}

/** TAR at FMR 1e-2 over all comparisons between these samples. */
export function tarOf(
  samples: readonly Sample[],
  vectors: readonly Float32Array[],
  compare: Compare = dot,
): number {
  const known = samples.map(({ person }, index) => ({
    person,
    embedding: vectors[index] ?? new Float32Array(),
  }));
  const { mated, nonMated } = allComparisons(known, compare);
  const scores = {
    mated: mated.similarity.sort(),
    nonMated: nonMated.similarity.sort(),
    matedNotAcquired: 0,
    nonMatedNotAcquired: 0,
  };
  return tarAt(scores, thresholdAtFmr(scores, VALIDATION_FMR));
}
