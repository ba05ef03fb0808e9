import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { type PhotoRefusal, photoAdvice } from '../office/photo-refusal.ts';
import { photoModelsOf } from '../runtime/needed-models.ts';
import { photoVision } from '../runtime/vision-from-config.ts';
import { PhotoAnalyser, type PhotoAnalysis, type PhotoFace } from '../vision/photo-analyser.ts';
import { ensureModels } from './ensure-models.ts';
import type { Session } from './session.ts';

/** Opens the photo pipeline with the configured encoders (or others). The caller closes it. */
export async function openAnalyser(session: Session, config: Config): Promise<PhotoAnalyser> {
  await ensureModels(session, config, photoModelsOf(config));
  const options = photoVision(
    config,
    session.composition.catalogue(config),
    session.composition.modelsDir(config),
  );
  return PhotoAnalyser.open(options);
}

/** Opens the photo pipeline, runs `work`, and closes it. */
export async function withAnalyser<T>(
  session: Session,
  config: Config,
  work: (analyser: PhotoAnalyser) => Promise<T>,
): Promise<T> {
  const analyser = await openAnalyser(session, config);
  try {
    return await work(analyser);
  } finally {
    await analyser.close();
  }
}

export type PhotoReading =
  | { readonly outcome: 'refused'; readonly reason: PhotoRefusal; readonly faceCount: number }
  | { readonly outcome: 'usable'; readonly face: PhotoFace; readonly image: RgbImage };

/**
 * Reads the one face of a photograph, if it is good enough to be enrolled.
 * @param photo  path of the file, its bytes, or decoded
 * @throws PORTICO_MODEL_RUN
 */
export async function readPhoto(
  analyser: PhotoAnalyser,
  photo: string | Uint8Array | RgbImage,
): Promise<PhotoReading> {
  const image = await decoded(photo);
  if (image === undefined) return { outcome: 'refused', reason: 'unreadable', faceCount: 0 };
  const analysis = await analyser.analyse(image);
  const { face, faceCount } = analysis;
  const reason = refusalOf(analysis);
  if (face !== undefined && reason === undefined) return { outcome: 'usable', face, image };
  return { outcome: 'refused', reason: reason ?? 'no-face', faceCount };
}

/**
 * The one face of a photograph, good enough to be compared.
 * @throws PORTICO_ENROL_REFUSED with what to do about the photograph
 */
export function usableFace(analysis: PhotoAnalysis, photo: string): PhotoFace {
  const { face, faceCount } = analysis;
  const reason = refusalOf(analysis);
  if (face !== undefined && reason === undefined) return face;
  const { what, remedy } = photoAdvice(reason ?? 'no-face', faceCount);
  throw new PorticoError('PORTICO_ENROL_REFUSED', {
    message: `${photo} ${what}`,
    remedy,
    context: { photo },
  });
}

function refusalOf({ faceCount, face }: PhotoAnalysis): PhotoRefusal | undefined {
  if (face === undefined) return 'no-face';
  if (faceCount > 1) return 'several-faces';
  return face.quality.outcome === 'refused' ? face.quality.faults[0] : undefined;
}

async function decoded(photo: string | Uint8Array | RgbImage): Promise<RgbImage | undefined> {
  if (typeof photo !== 'string' && !(photo instanceof Uint8Array)) return photo;
  try {
    return await decodePhoto(photo);
  } catch (error) {
    if (error instanceof PorticoError && error.code === 'PORTICO_IMAGE_UNREADABLE')
      return undefined;
    throw error;
  }
}
