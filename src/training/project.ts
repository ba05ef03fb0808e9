import type { OpenGraph } from './descent.ts';
import { vectorsOf } from './measure-vectors.ts';
import { ParameterStore } from './parameter-store.ts';
import { towerGraph } from './siamese-graphs.ts';
import type { Parameter, Sample, Tower } from './tower.ts';

const BATCH = 64;

/** Unit vectors of samples, as a tower with these parameters gives them; one each, in their order. */
export async function project(
  samples: readonly Sample[],
  tower: Tower,
  parameters: readonly Parameter[],
  open: OpenGraph,
): Promise<readonly Float32Array[]> {
  const graph = await open(towerGraph(tower, BATCH));
  try {
    const store = new ParameterStore(parameters);
    return await vectorsOf(samples, { graph, batch: BATCH, store });
  } finally {
    await graph.close();
  }
}
