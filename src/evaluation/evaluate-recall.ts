import { join } from 'node:path';
import { EvaluationError } from '../domain/errors.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import {
  type DetectionRecallOptions,
  type DetectionRecallReport,
  detectionRecall,
} from './detection-recall.ts';
import { readText } from './labelled-pictures.ts';
import { parsePairsCsv } from './pairs-csv.ts';

export interface EvaluateRecallOptions extends Omit<DetectionRecallOptions, 'portraits'> {
  /** A list of pairs; its distinct pictures are the portraits. */
  readonly pairsCsv: string;
  readonly root: string;
  /** How many of them, spread evenly over the list. */
  readonly portraits?: number;
}

const PORTRAITS = 120;

/**
 * Detection recall on pictures framed as in Labeled Faces in the Wild.
 * @throws PORTICO_EVALUATION_DATA for a faulty list or a picture that is not square;
 *         PORTICO_IMAGE_UNREADABLE
 */
export async function evaluateRecall(
  options: EvaluateRecallOptions,
): Promise<DetectionRecallReport> {
  const pairs = parsePairsCsv(await readText(options.pairsCsv), options.pairsCsv);
  const paths = [...new Set(pairs.flatMap(({ left, right }) => [left, right]))];
  const count = Math.min(options.portraits ?? PORTRAITS, paths.length);
  const portraits: { name: string; image: RgbImage }[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = paths[Math.floor((index * paths.length) / count)] ?? '';
    const image = await decodePhoto(join(options.root, name));
    if (image.widthPx !== image.heightPx) throw notSquare(name, image);
    portraits.push({ name, image });
  }
  return detectionRecall({ ...options, portraits });
}

function notSquare(name: string, { widthPx, heightPx }: RgbImage): EvaluationError {
  return new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `${name} is ${widthPx} x ${heightPx}; where its face is can only be told of square portraits`,
    remedy: 'Give pictures framed as in Labeled Faces in the Wild.',
  });
}
