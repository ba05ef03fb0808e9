import { comparePairs } from './compare-pairs.ts';
import { encodePictures } from './encode-pictures.ts';
import type { EvaluatePairsOptions } from './evaluate-pairs.ts';
import { readText } from './labelled-pictures.ts';
import { parsePairsCsv } from './pairs-csv.ts';
import { type TurnedComparison, type YawReport, yawReport } from './yaw-bands.ts';

/** At the door a false match is worse than a second try, but a band holds few comparisons. */
export const YAW_TARGET_FMR = 1e-2;

/**
 * Accuracy by how far the faces of labelled pairs are turned, and the yaw limit that follows from it.
 * @throws PORTICO_EVALUATION_DATA for a faulty list (with the line) or missing pictures
 */
export async function evaluateYaw(
  options: Omit<EvaluatePairsOptions, 'targetFmrs'>,
): Promise<YawReport> {
  const pairs = parsePairsCsv(await readText(options.pairsCsv), options.pairsCsv);
  const paths = pairs.flatMap(({ left, right }) => [left, right]);
  const encoded = await encodePictures(paths, options);
  const yawOf = (path: string): number => {
    const picture = encoded.get(path);
    return picture?.outcome === 'encoded' ? Math.abs(picture.pose.yawDeg) : Number.NaN;
  };
  const turned: readonly TurnedComparison[] = comparePairs(pairs, encoded)
    .filter(({ similarity }) => similarity !== 'not-acquired')
    .map((pair) => ({ ...pair, yawDeg: Math.max(yawOf(pair.left), yawOf(pair.right)) }));
  return yawReport(options.encoderId, turned, YAW_TARGET_FMR);
}
