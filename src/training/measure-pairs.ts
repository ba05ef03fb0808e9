import type { Compare } from '../evaluation/comparators/comparator.ts';
import type { LabelledPair } from '../evaluation/pairs-csv.ts';
import { pairsReport, type TarAtFmr } from '../evaluation/pairs-report.ts';
import { dot } from '../numeric/linear-algebra.ts';
import type { OpenGraph } from './descent.ts';
import { VALIDATION_FMR, vectorsOf } from './measure-vectors.ts';
import { ParameterStore } from './parameter-store.ts';
import { towerGraph } from './siamese-graphs.ts';
import type { Parameter, Sample, Tower } from './tower.ts';

/** Pairs of people that no training has seen. */
export interface TestPairs {
  readonly pairs: readonly LabelledPair[];
  /** By path; a picture in which no face was found is missing. */
  readonly samples: ReadonlyMap<string, Sample>;
}

const BATCH = 64;

/** TAR at FMR 1e-2 of a tower with these parameters on labelled pairs, with its exact interval. */
export async function measurePairs(
  test: TestPairs,
  tower: Tower,
  parameters: readonly Parameter[],
  { open, compare = dot }: { readonly open: OpenGraph; readonly compare?: Compare },
): Promise<TarAtFmr> {
  const paths = [...test.samples.keys()];
  const samples = [...test.samples.values()];
  const graph = await open(towerGraph(tower, BATCH));
  try {
    const store = new ParameterStore(parameters);
    const vectors = await vectorsOf(samples, { graph, batch: BATCH, store });
    const vectorOf = new Map(paths.map((path, index) => [path, vectors[index]]));
    const compared = test.pairs.map((pair) => {
      const [left, right] = [vectorOf.get(pair.left), vectorOf.get(pair.right)];
      const isKnown = left !== undefined && right !== undefined;
      return { ...pair, similarity: isKnown ? compare(left, right) : ('not-acquired' as const) };
    });
    const loss = { notAcquired: 0, pictures: paths.length };
    const [tar] = pairsReport(tower.name, compared, loss, [VALIDATION_FMR]).tarAtFmr;
    return tar ?? { fmr: VALIDATION_FMR, threshold: 0, tar: 0, interval: [0, 1] };
  } finally {
    await graph.close();
  }
}
