import type { Compare } from '../evaluation/comparators/comparator.ts';
import type { LabelledPair } from '../evaluation/pairs-csv.ts';
import { pairsReport, type TarAtFmr } from '../evaluation/pairs-report.ts';
import { dot } from '../numeric/linear-algebra.ts';
import type { OpenGraph } from './descent.ts';
import { VALIDATION_FMR } from './measure-vectors.ts';
import { project } from './project.ts';
import type { Parameter, Sample, Tower } from './tower.ts';

/** Pairs of people that no training has seen. */
export interface TestPairs {
  readonly pairs: readonly LabelledPair[];
  /** By path; a picture in which no face was found is missing, others than the pairs' may be there. */
  readonly samples: ReadonlyMap<string, Sample>;
}

export interface MeasureOptions {
  readonly open: OpenGraph;
  /** Default: the cosine. */
  readonly compare?: Compare;
}

/** TAR at FMR 1e-2 of a tower with these parameters on labelled pairs, with its exact interval. */
export async function measurePairs(
  test: TestPairs,
  tower: Tower,
  parameters: readonly Parameter[],
  { open, compare = dot }: MeasureOptions,
): Promise<TarAtFmr> {
  const named = new Set(test.pairs.flatMap(({ left, right }) => [left, right]));
  const known = [...test.samples].filter(([path]) => named.has(path));
  const vectors = await project(
    known.map(([, sample]) => sample),
    tower,
    parameters,
    open,
  );
  const vectorOf = new Map(known.map(([path], index) => [path, vectors[index]]));
  const compared = test.pairs.map((pair) => {
    const [left, right] = [vectorOf.get(pair.left), vectorOf.get(pair.right)];
    const isKnown = left !== undefined && right !== undefined;
    return { ...pair, similarity: isKnown ? compare(left, right) : ('not-acquired' as const) };
  });
  const loss = { notAcquired: 0, pictures: known.length };
  const [tar] = pairsReport(tower.name, compared, loss, [VALIDATION_FMR]).tarAtFmr;
  return tar ?? { fmr: VALIDATION_FMR, threshold: 0, tar: 0, interval: [0, 1] };
}
