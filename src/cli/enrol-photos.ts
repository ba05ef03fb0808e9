import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import type { Identity } from '../domain/identity.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import type { Gallery } from '../gallery/gallery.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';
import type { Store } from '../gallery/store.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { judgeEnrolment, refusalText } from '../office/enrolment-judge.ts';
import { enrolmentJudgeOf } from './enrolment-judge-of.ts';
import { usableFace, withAnalyser } from './read-faces.ts';
import type { Session } from './session.ts';

export interface EnrolmentPhoto {
  /** For messages: its path, or what it is. */
  readonly label: string;
  readonly picture: string | RgbImage;
}

export interface EnrolOutcome {
  readonly identityId: string;
  readonly photos: number;
  readonly templates: number;
  readonly change: 'enrolled' | 'templates-added';
}

export interface EnrolRequest {
  readonly identity: Identity;
  readonly photos: readonly EnrolmentPhoto[];
}

/**
 * Makes templates of the photographs and stores them; the photographs themselves are kept nowhere.
 * A new id is enrolled, a known one gets more templates. All photographs must pass, or none counts.
 * @throws PORTICO_ENROL_REFUSED, PORTICO_IMAGE_UNREADABLE, PORTICO_STORE_*
 */
export async function enrolPhotos(
  session: Session,
  config: Config,
  store: Store,
  { identity, photos }: EnrolRequest,
): Promise<EnrolOutcome> {
  const { identityId } = identity;
  const samples = await readEnrolment(session, config, photos);
  assertAcceptable(session, config, {
    identityId,
    samples,
    gallery: store.snapshot(),
    nameOf: (id) => store.identity(id)?.name,
  });
  const templates = samples.flat();
  const isKnown = store.identity(identityId) !== undefined;
  if (isKnown) store.addTemplates(identityId, templates);
  else store.enrol({ ...identity, templates });
  store.append({ type: 'roster.changed', identityId, change: 'enrolled' });
  return {
    identityId,
    photos: photos.length,
    templates: templates.length,
    change: isKnown ? 'templates-added' : 'enrolled',
  };
}

/**
 * What the encoders make of each photograph.
 * @throws PORTICO_ENROL_REFUSED, PORTICO_IMAGE_UNREADABLE
 */
export async function readEnrolment(
  session: Session,
  config: Config,
  photos: readonly EnrolmentPhoto[],
): Promise<readonly (readonly NewTemplate[])[]> {
  const samples: (readonly NewTemplate[])[] = [];
  await withAnalyser(session, config, async (analyser) => {
    for (const [index, { label, picture }] of photos.entries()) {
      session.signal.throwIfAborted();
      session.terminal.bar('reading photographs', index / photos.length, label);
      const image = typeof picture === 'string' ? await decodePhoto(picture) : picture;
      samples.push(usableFace(await analyser.analyse(image), label).embeddings);
    }
  });
  session.terminal.clearBar();
  return samples;
}

interface Acceptance {
  readonly identityId: string;
  readonly samples: readonly (readonly NewTemplate[])[];
  readonly gallery: Gallery;
  readonly nameOf: (identityId: string) => string | undefined;
}

/** @throws PORTICO_ENROL_REFUSED when somebody else enrolled looks like this, or the samples disagree */
export function assertAcceptable(
  session: Session,
  config: Config,
  { identityId, samples, gallery, nameOf }: Acceptance,
): void {
  const check = judgeEnrolment(enrolmentJudgeOf(session, config), {
    identityId,
    photos: samples,
    gallery,
    now: session.composition.clock.now(),
  });
  if (check.outcome === 'accepted') return;
  throw new PorticoError('PORTICO_ENROL_REFUSED', {
    message: refusalText(check, nameOf),
    remedy: 'Check the id and the photographs; `portico people ls` lists who is enrolled.',
    context: { identityId },
  });
}
