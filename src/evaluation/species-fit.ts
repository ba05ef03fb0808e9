import type { SpeciesWeights } from '../domain/liveness-fusion.ts';
import { standardise } from '../liveness/fusion-score.ts';
import { fitLogistic } from '../numeric/logistic-regression.ts';
import { BONA_FIDE } from './presentation-attack-rates.ts';

/** A standardised cue counts no further than this, either way: no single cue may outvote the others. */
export const CUE_LIMIT = 2.5;

/** The cues of one presentation, or of a part of it. */
export interface LabelledCues {
  /** 'bona-fide', or the name of the attack's species. */
  readonly species: string;
  /** (cues) float64; NaN for a missing cue. */
  readonly values: Float64Array;
  /** So that every clip counts 1, however many rows it gave. */
  readonly weight: number;
}

export interface FittedSpecies {
  readonly centres: readonly number[];
  readonly scales: readonly number[];
  readonly species: readonly SpeciesWeights[];
}

/**
 * One logistic regression per species against the bona fide rows, both sides weighing alike.
 * @param penalty  L2, > 0
 */
export function fitSpeciesWeights(rows: readonly LabelledCues[], penalty: number): FittedSpecies {
  const species = [...new Set(rows.map((row) => row.species))]
    .filter((kind) => kind !== BONA_FIDE)
    .sort();
  const scaling = balancedScaling(rows, species);
  const standardised = rows.map((row) => ({
    ...row,
    values: standardise(row.values, scaling, CUE_LIMIT),
  }));
  return { ...scaling, species: species.map((kind) => fitSpecies(standardised, kind, penalty)) };
}

function fitSpecies(
  rows: readonly LabelledCues[],
  species: string,
  penalty: number,
): SpeciesWeights {
  const used = rows.filter((row) => row.species === species || row.species === BONA_FIDE);
  const columns = used[0]?.values.length ?? 0;
  const features = new Float64Array(used.length * columns);
  for (const [index, { values }] of used.entries()) features.set(values, index * columns);
  const isBonaFide = (row: LabelledCues): boolean => row.species === BONA_FIDE;
  const total = (side: boolean): number =>
    used.reduce((sum, row) => sum + (isBonaFide(row) === side ? row.weight : 0), 0);
  const attackFactor = total(true) / total(false);
  const { intercept, weights } = fitLogistic(
    {
      features,
      columns,
      labels: Float64Array.from(used, (row) => (isBonaFide(row) ? 1 : 0)),
      weights: Float64Array.from(used, (row) => row.weight * (isBonaFide(row) ? 1 : attackFactor)),
    },
    penalty,
  );
  return { species, intercept, weights: [...weights] };
}

/** Mean and deviation of each cue with bona fide and attacks weighing alike, and the species among these. */
function balancedScaling(
  rows: readonly LabelledCues[],
  species: readonly string[],
): Pick<FittedSpecies, 'centres' | 'scales'> {
  const columns = rows[0]?.values.length ?? 0;
  const share = new Map<string, number>();
  for (const row of rows) share.set(row.species, (share.get(row.species) ?? 0) + row.weight);
  const weightOf = (row: LabelledCues): number => {
    const group = row.weight / (share.get(row.species) ?? 1);
    return row.species === BONA_FIDE ? group : group / species.length;
  };
  const centres: number[] = [];
  const scales: number[] = [];
  for (let column = 0; column < columns; column += 1) {
    let weight = 0;
    let sum = 0;
    let squares = 0;
    for (const row of rows) {
      const value = row.values[column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      weight += weightOf(row);
      sum += weightOf(row) * value;
      squares += weightOf(row) * value * value;
    }
    const centre = weight > 0 ? sum / weight : 0;
    const variance = weight > 0 ? squares / weight - centre * centre : 0;
    centres.push(centre);
    scales.push(variance > 1e-12 ? Math.sqrt(variance) : 1);
  }
  return { centres, scales };
}
