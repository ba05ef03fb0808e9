import { clopperPearson, type Interval } from './clopper-pearson.ts';
import { comparisonScores, type LabelledComparison } from './comparison-scores.ts';
import { fmrAt } from './error-rates.ts';
import { bestThreshold } from './k-fold-accuracy.ts';

/** A comparison and how far the more turned of its two faces is turned. */
export interface TurnedComparison extends LabelledComparison {
  /** max(|yaw left|, |yaw right|), degrees. */
  readonly yawDeg: number;
}

export interface YawBand {
  /** From (included) and to (excluded), degrees. */
  readonly fromDeg: number;
  readonly toDeg: number;
  readonly mated: number;
  readonly nonMated: number;
  /** Share of right verdicts at the threshold that is best for accuracy over all bands. */
  readonly accuracy: number;
  readonly tar: number;
  readonly tarInterval: Interval;
  readonly fmr: number;
}

export interface YawReport {
  readonly encoder: string;
  /** One for all bands, as at the door. */
  readonly threshold: number;
  /** Measured over all bands at that threshold. */
  readonly fmr: number;
  readonly bands: readonly YawBand[];
  readonly recommendedLimitDeg: number;
}

export const YAW_EDGES_DEG: readonly number[] = [0, 5, 10, 15, 20, 25, 30, 40, 90];
/** Fewer mated comparisons than this cannot vouch for a band. */
export const MATED_TO_VOUCH = 20;

/**
 * Accuracy, TAR and FMR by how far the face is turned, and the yaw up to which the quality gate may accept.
 * The recommendation walks outwards and stops at the first band whose interval of the TAR lies wholly below
 * that of all bands inside it, or that has too few mated comparisons to vouch for it.
 */
export function yawReport(
  encoder: string,
  comparisons: readonly TurnedComparison[],
  threshold: number,
): YawReport {
  const thresholds = { operating: threshold, accuracy: bestThreshold(comparisons) };
  const bands: YawBand[] = [];
  for (const [index, fromDeg] of YAW_EDGES_DEG.entries()) {
    const toDeg = YAW_EDGES_DEG[index + 1];
    if (toDeg === undefined) break;
    const members = comparisons.filter(({ yawDeg }) => yawDeg >= fromDeg && yawDeg < toDeg);
    bands.push({ fromDeg, toDeg, ...bandRates(members, thresholds) });
  }
  return {
    encoder,
    threshold,
    fmr: fmrAt(comparisonScores(comparisons), threshold),
    bands,
    recommendedLimitDeg: recommendedLimit(bands),
  };
}

function bandRates(
  members: readonly TurnedComparison[],
  { operating, accuracy }: { readonly operating: number; readonly accuracy: number },
): Omit<YawBand, 'fromDeg' | 'toDeg'> {
  const made = members.flatMap(({ mated, similarity }) =>
    similarity === 'not-acquired' ? [] : [{ mated, similarity }],
  );
  const mated = made.filter((each) => each.mated);
  const nonMated = made.filter((each) => !each.mated);
  const accepted = mated.filter(({ similarity }) => similarity >= operating).length;
  const falseMatches = nonMated.filter(({ similarity }) => similarity >= operating).length;
  const right = made.filter((each) => each.similarity >= accuracy === each.mated).length;
  return {
    mated: mated.length,
    nonMated: nonMated.length,
    accuracy: right / made.length,
    tar: accepted / mated.length,
    tarInterval: clopperPearson(accepted, mated.length),
    fmr: falseMatches / nonMated.length,
  };
}

function recommendedLimit(bands: readonly YawBand[]): number {
  let limitDeg = 0;
  let accepted = 0;
  let trials = 0;
  for (const { toDeg, mated, tar, tarInterval } of bands) {
    const inside = clopperPearson(accepted, trials);
    if (mated < MATED_TO_VOUCH || tarInterval[1] < inside[0]) break;
    accepted += Math.round(tar * mated);
    trials += mated;
    limitDeg = toDeg;
  }
  return limitDeg;
}
