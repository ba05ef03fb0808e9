import type { MarkWeights } from '../domain/liveness-fusion.ts';
import { markScore } from '../liveness/picture-marks.ts';
import { PIXEL_CUES } from '../liveness/pixel-cues/pixel-evidence.ts';
import { areaUnderRoc } from './area-under-roc.ts';
import type { MarkExample } from './mark-examples.ts';
import { PENALTIES } from './pad-cross-validation.ts';
import { BONA_FIDE } from './presentation-attack-rates.ts';
import { ratioCorrection, UNCORRECTED } from './ratio-correction.ts';
import { CUE_LIMIT, fitSpeciesWeights, type LabelledCues } from './species-fit.ts';

/** Groups of people that take turns in being left out. */
const FOLDS = 5;

export interface MarkFitOptions {
  readonly dataName: string;
  readonly seed: number;
}

/** A window that was scored by weights which have not seen its person. */
interface LeftOutRow {
  readonly species: string;
  readonly isBonaFide: boolean;
  readonly ratio: number;
}

/** Fits the marks of pictures to everything; penalty, slope and offset come from people left out. */
export function fitMarks(
  examples: readonly MarkExample[],
  { dataName, seed }: MarkFitOptions,
): MarkWeights {
  const candidates = PENALTIES.map((penalty) => ({
    penalty,
    leftOut: leavePeopleOut(examples, penalty),
  }));
  const losses = candidates.map(({ leftOut }) => balancedLoss(leftOut));
  const best = candidates[losses.indexOf(Math.min(...losses))];
  const penalty = best?.penalty ?? PENALTIES[0];
  const leftOut = best?.leftOut ?? [];
  return {
    data: { name: dataName, persons: peopleOf(examples).length, clips: examples.length, seed },
    cues: PIXEL_CUES,
    cueLimit: CUE_LIMIT,
    penalty,
    ...fitSpeciesWeights(rowsOf(examples), penalty),
    ...ratioCorrection(leftOut),
    aucs: aucsOf(leftOut),
  };
}

function leavePeopleOut(examples: readonly MarkExample[], penalty: number): readonly LeftOutRow[] {
  const people = peopleOf(examples);
  return Array.from({ length: FOLDS }, (_, fold) => {
    const isHeldOut = ({ person }: MarkExample): boolean => people.indexOf(person) % FOLDS === fold;
    const others = examples.filter((example) => !isHeldOut(example));
    const weights = {
      cues: PIXEL_CUES,
      cueLimit: CUE_LIMIT,
      ...fitSpeciesWeights(rowsOf(others), penalty),
      ...UNCORRECTED,
    };
    return rowsOf(examples.filter(isHeldOut)).flatMap(({ species, values }) => {
      const score = markScore(weights, values);
      if (score === undefined) return [];
      return [{ species, isBonaFide: species === BONA_FIDE, ratio: score.logLikelihoodRatio }];
    });
  }).flat();
}

/** Mean of -log(probability of the truth), bona fide and attacks weighing alike. */
function balancedLoss(rows: readonly LeftOutRow[]): number {
  const meanOf = (side: boolean): number => {
    const own = rows.filter(({ isBonaFide }) => isBonaFide === side);
    const sign = side ? 1 : -1;
    return (
      own.reduce((sum, { ratio }) => sum + Math.log1p(Math.exp(-sign * ratio)), 0) / own.length
    );
  };
  return meanOf(true) + meanOf(false);
}

function aucsOf(rows: readonly LeftOutRow[]): MarkWeights['aucs'] {
  const ratiosOf = (species: string): readonly number[] =>
    rows.flatMap((row) => (row.species === species ? [row.ratio] : []));
  const attacks = [...new Set(rows.map(({ species }) => species))]
    .filter((species) => species !== BONA_FIDE)
    .sort();
  return Object.fromEntries(
    attacks.map((species) => [species, areaUnderRoc(ratiosOf(BONA_FIDE), ratiosOf(species))]),
  );
}

const rowsOf = (examples: readonly MarkExample[]): readonly LabelledCues[] =>
  examples.flatMap(({ species, windows }) =>
    windows.map((values): LabelledCues => ({ species, values, weight: 1 / windows.length })),
  );

const peopleOf = (examples: readonly MarkExample[]): readonly string[] =>
  [...new Set(examples.map(({ person }) => person))].sort();
