import { EvaluationError } from '../domain/errors.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import type { PhotoAnalysis } from '../vision/photo-analyser.ts';
import type { EncodeFace, EncodePicture } from './picture-encoder.ts';

/** The part of `PhotoAnalyser` that evaluation needs. */
export interface AnalysesPhotos {
  analyse(photo: RgbImage): Promise<PhotoAnalysis>;
}

/**
 * Encodes picture files with the very stages that enrolment uses: largest face, mesh, alignment, encoder.
 * The quality gate's verdict is not applied: what is measured is the encoder on every face that was found.
 * @param encoderId  one of the encoders that the analyser was opened with
 */
export function photoEncoder(analyser: AnalysesPhotos, encoderId: string): EncodePicture {
  return async (file) => {
    const { face } = await analyser.analyse(await decodePhoto(file));
    if (face === undefined) return NO_FACE;
    const named = face.embeddings.find(({ modelId }) => modelId === encoderId);
    if (named === undefined) throw notOpened(encoderId, face.embeddings);
    return { outcome: 'encoded', embedding: named.embedding, pose: face.pose };
  };
}

/** The same for all encoders that the analyser was opened with. */
export function faceEncoder(analyser: AnalysesPhotos): EncodeFace {
  return async (file) => {
    const { face } = await analyser.analyse(await decodePhoto(file));
    return face === undefined ? NO_FACE : { outcome: 'encoded', embeddings: face.embeddings };
  };
}

const NO_FACE = { outcome: 'not-acquired', reason: 'no face was found' } as const;

function notOpened(
  encoderId: string,
  opened: readonly { readonly modelId: string }[],
): EvaluationError {
  return new EvaluationError('PORTICO_EVALUATION_DATA', {
    message: `encoder '${encoderId}' is not among the opened ones: ${opened.map(({ modelId }) => modelId).join(', ')}`,
    remedy: 'Name one of the encoders that `portico models ls` lists.',
  });
}
