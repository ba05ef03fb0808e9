import type { Config } from '../config/schema.ts';
import { assertNever } from '../domain/assert-never.ts';
import { PorticoError } from '../domain/errors.ts';
import type { QualityFault } from '../domain/quality.ts';
import { photoModelsOf } from '../runtime/needed-models.ts';
import { photoVision } from '../runtime/vision-from-config.ts';
import { PhotoAnalyser, type PhotoAnalysis, type PhotoFace } from '../vision/photo-analyser.ts';
import { ensureModels } from './ensure-models.ts';
import type { Session } from './session.ts';

/** Opens the photo pipeline with the configured encoders (or others), runs `work`, and closes it. */
export async function withAnalyser<T>(
  session: Session,
  config: Config,
  work: (analyser: PhotoAnalyser) => Promise<T>,
): Promise<T> {
  await ensureModels(session, config, photoModelsOf(config));
  const options = photoVision(
    config,
    session.composition.catalogue(config),
    session.composition.modelsDir(config),
  );
  const analyser = await PhotoAnalyser.open(options);
  try {
    return await work(analyser);
  } finally {
    await analyser.close();
  }
}

/**
 * The one face of a photograph, good enough to be compared.
 * @throws PORTICO_ENROL_REFUSED with what to do about the photograph
 */
export function usableFace({ faceCount, face }: PhotoAnalysis, photo: string): PhotoFace {
  if (face === undefined) throw refused(photo, 'shows no face', 'Give a photograph of the face.');
  if (faceCount > 1) {
    throw refused(photo, `shows ${faceCount} faces`, 'Give a photograph of this one person alone.');
  }
  if (face.quality.outcome === 'refused') {
    const [fault] = face.quality.faults;
    throw refused(photo, `is not good enough (${fault})`, photoAdvice(fault));
  }
  return face;
}

function refused(photo: string, what: string, remedy: string): PorticoError {
  return new PorticoError('PORTICO_ENROL_REFUSED', {
    message: `${photo} ${what}`,
    remedy,
    context: { photo },
  });
}

function photoAdvice(fault: QualityFault): string {
  switch (fault) {
    case 'cut-off':
      return 'Give a photograph in which the whole face is visible.';
    case 'too-far':
      return 'Give a photograph in which the face is larger: 100 pixels high or more.';
    case 'too-close':
      return 'Give a photograph with some space around the face.';
    case 'too-dark':
      return 'Give a brighter photograph.';
    case 'too-bright':
      return 'Give a photograph that is not overexposed.';
    case 'turned-away':
      return 'Give a photograph in which the person faces the camera.';
    case 'tilted':
      return 'Give a photograph with the head upright.';
    case 'occluded':
      return 'Give a photograph without hand, mask or dark glasses on the face.';
    case 'blurred':
      return 'Give a sharper photograph.';
    default:
      return assertNever(fault);
  }
}
