import { comparePairs } from './compare-pairs.ts';
import { encodePictures } from './encode-pictures.ts';
import { readText } from './labelled-pictures.ts';
import { parsePairsCsv } from './pairs-csv.ts';
import { type PairsReport, pairsReport } from './pairs-report.ts';
import type { EncodePicture, Progress } from './picture-encoder.ts';

export interface EvaluatePairsOptions {
  /** File with the columns left,right,mated. */
  readonly pairsCsv: string;
  /** Folder that its paths are relative to. */
  readonly root: string;
  readonly encoderId: string;
  readonly encodePicture: EncodePicture;
  readonly targetFmrs?: readonly number[];
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Measures an encoder, with all that stands before it, on labelled pairs.
 * @throws PORTICO_EVALUATION_DATA for a faulty list (with the line) or missing pictures
 */
export async function evaluatePairs(options: EvaluatePairsOptions): Promise<PairsReport> {
  const pairs = parsePairsCsv(await readText(options.pairsCsv), options.pairsCsv);
  const paths = pairs.flatMap(({ left, right }) => [left, right]);
  const encoded = await encodePictures(paths, options);
  const notAcquired = [...encoded.values()].filter(({ outcome }) => outcome === 'not-acquired');
  return pairsReport(
    options.encoderId,
    comparePairs(pairs, encoded),
    { notAcquired: notAcquired.length, pictures: encoded.size },
    options.targetFmrs,
  );
}
