import { comparePairs } from './compare-pairs.ts';
import { comparisonScores } from './comparison-scores.ts';
import { type EncodePicturesOptions, encodePictures } from './encode-pictures.ts';
import { labelledPictures, readText } from './labelled-pictures.ts';
import { type LabelledPair, parsePairsCsv } from './pairs-csv.ts';
import { pairsOfPictures } from './pairs-of-pictures.ts';
import { thresholdAtFmr } from './threshold-at-fmr.ts';
import { type TurnedComparison, type YawReport, yawReport } from './yaw-bands.ts';

export interface EvaluateYawOptions extends EncodePicturesOptions {
  readonly encoderId: string;
  /** Labelled pairs, or pictures of known people: every mated pair, and as many non-mated ones. */
  readonly data: { readonly pairsCsv: string } | { readonly list: string };
  /** The door's, from the encoder's calibration; absent: that of FMR 1e-2 on these pairs. */
  readonly threshold?: number;
}

const FMR_WITHOUT_CALIBRATION = 1e-2;

/**
 * Accuracy by how far the faces are turned, and the yaw limit that follows from it.
 * @throws PORTICO_EVALUATION_DATA for a faulty list (with the line) or missing pictures
 */
export async function evaluateYaw(options: EvaluateYawOptions): Promise<YawReport> {
  const pairs = await pairsOf(options);
  const paths = pairs.flatMap(({ left, right }) => [left, right]);
  const encoded = await encodePictures(paths, options);
  const yawOf = (path: string): number => {
    const picture = encoded.get(path);
    return picture?.outcome === 'encoded' ? Math.abs(picture.pose.yawDeg) : Number.NaN;
  };
  const turned: readonly TurnedComparison[] = comparePairs(pairs, encoded)
    .filter(({ similarity }) => similarity !== 'not-acquired')
    .map((pair) => ({ ...pair, yawDeg: Math.max(yawOf(pair.left), yawOf(pair.right)) }));
  const threshold =
    options.threshold ?? thresholdAtFmr(comparisonScores(turned), FMR_WITHOUT_CALIBRATION);
  return yawReport(options.encoderId, turned, threshold);
}

async function pairsOf({ data, root }: EvaluateYawOptions): Promise<readonly LabelledPair[]> {
  return 'pairsCsv' in data
    ? parsePairsCsv(await readText(data.pairsCsv), data.pairsCsv)
    : pairsOfPictures(await labelledPictures(root, data.list));
}
