import { type FusionPart, partsOfEncoderId } from '../domain/encoder-fusion.ts';
import { EvaluationError } from '../domain/errors.ts';
import { type CalibrationResult, calibrationOf } from './calibration-of.ts';
import { encodePictures } from './encode-pictures.ts';
import { fuseSamples } from './fusion/fuse-samples.ts';
import { type LabelledPicture, labelledPictures } from './labelled-pictures.ts';
import type { EncodedFace, EncodeFace, Progress } from './picture-encoder.ts';

export interface CalibrateOptions {
  /** Folder of the pictures. */
  readonly root: string;
  /** File with the column `file`, or left,right,mated; without it every person/picture under the root is used. */
  readonly list?: string;
  /** Pictures of the list to leave out because their label is known to be wrong. */
  readonly mislabelled?: readonly string[];
  /** Encoders, and fusions of two of them as `fusedEncoderId` names them. */
  readonly encoderIds: readonly string[];
  /** Weights of a fusion that are to be kept, since templates were made with them; absent: fitted. */
  readonly fusionOf?: (encoderId: string) => readonly FusionPart[] | undefined;
  /** Name of the data, for the reader of the calibration. */
  readonly dataName: string;
  /** What else the reader should know about the data, in sentences. */
  readonly remarks?: readonly string[];
  /** Day of the measurement, YYYY-MM-DD. */
  readonly date: string;
  /** By every encoder named above, alone or within a fusion. */
  readonly encodeFace: EncodeFace;
  readonly onProgress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Measures the curves of encoders on pictures of known people, each picture compared with every other.
 * @returns one result per encoder, in the order asked for
 * @throws PORTICO_EVALUATION_DATA for faulty lists, missing pictures, or too few people
 */
export async function calibrate(options: CalibrateOptions): Promise<readonly CalibrationResult[]> {
  const { mislabelled = [], remarks = [], encoderIds, dataName, date } = options;
  const all = await labelledPictures(options.root, options.list);
  const pictures = withoutMislabelled(all, mislabelled);
  const paths = pictures.map(({ path }) => path);
  const encoded = await encodePictures(paths, { ...options, encodePicture: options.encodeFace });
  const leftOut = all.length - pictures.length;
  return encoderIds.map((encoderId) => {
    options.signal?.throwIfAborted();
    const parts = partsOfEncoderId(encoderId).map((modelId) => ({
      modelId,
      samples: samplesOf(modelId, pictures, encoded),
    }));
    const source = { encoderId, dataName, date, remarks, leftOut, pictures: pictures.length };
    return calibrationOf(fuseSamples(parts, options.fusionOf?.(encoderId)), source);
  });
}

function samplesOf(
  modelId: string,
  pictures: readonly LabelledPicture[],
  encoded: ReadonlyMap<string, EncodedFace>,
) {
  return pictures.flatMap(({ path, person }) => {
    const face = encoded.get(path);
    if (face?.outcome !== 'encoded') return [];
    const named = face.embeddings.find((candidate) => candidate.modelId === modelId);
    if (named !== undefined) return [{ person, embedding: named.embedding }];
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `encoder '${modelId}' is not among the opened ones`,
      remedy: 'Name encoders that `portico models ls` lists.',
    });
  });
}

/** @throws PORTICO_EVALUATION_DATA for a name that is not in the list: a slip would leave the error in */
function withoutMislabelled(
  pictures: readonly LabelledPicture[],
  mislabelled: readonly string[],
): readonly LabelledPicture[] {
  const unknown = mislabelled.find((name) => pictures.every(({ path }) => path !== name));
  if (unknown !== undefined) {
    throw new EvaluationError('PORTICO_EVALUATION_DATA', {
      message: `${unknown} is to be left out, but it is not in the list`,
      remedy: 'Write it as the list does.',
    });
  }
  return pictures.filter(({ path }) => !mislabelled.includes(path));
}
