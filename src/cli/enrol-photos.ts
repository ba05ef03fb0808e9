import type { Config } from '../config/schema.ts';
import { PorticoError } from '../domain/errors.ts';
import type { Identity } from '../domain/identity.ts';
import type { Probe } from '../domain/probe.ts';
import { decodePhoto } from '../frame/decode-photo.ts';
import { checkEnrolment } from '../gallery/enrolment-check.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';
import type { Store } from '../gallery/store.ts';
import type { RgbImage } from '../numeric/sample-image.ts';
import { encoderIds } from '../runtime/encoder-ids.ts';
import { usableFace, withAnalyser } from './read-faces.ts';
import type { Session } from './session.ts';

/** At this rate per comparison an enrolled stranger is taken for a duplicate, and a sample for another person. */
const DUPLICATE_FMR = 1e-4;
const SAME_PERSON_FMR = 1e-3;

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

/**
 * Makes templates of the photographs and stores them; the photographs themselves are kept nowhere.
 * A new id is enrolled, a known one gets more templates. All photographs must pass, or none counts.
 * @throws PORTICO_ENROL_REFUSED, PORTICO_IMAGE_UNREADABLE, PORTICO_STORE_*
 */
export async function enrolPhotos(
  session: Session,
  config: Config,
  store: Store,
  request: { readonly identity: Identity; readonly photos: readonly EnrolmentPhoto[] },
): Promise<EnrolOutcome> {
  const { identity, photos } = request;
  const templates: NewTemplate[] = [];
  const samples: Probe[] = [];
  const [decider] = encoderIds(config);
  await withAnalyser(session, config, async (analyser) => {
    for (const [index, { label, picture }] of photos.entries()) {
      session.signal.throwIfAborted();
      session.terminal.bar('reading photographs', index / photos.length, label);
      const image = typeof picture === 'string' ? await decodePhoto(picture) : picture;
      const { embeddings } = usableFace(await analyser.analyse(image), label);
      templates.push(...embeddings);
      const sample = embeddings.find(({ modelId }) => modelId === decider);
      if (sample !== undefined)
        samples.push({ ...sample, capturedAtMs: session.composition.clock.now() });
    }
  });
  session.terminal.clearBar();
  assertAcceptable(session, config, store, { identityId: identity.identityId, samples });
  const isKnown = store.identity(identity.identityId) !== undefined;
  if (isKnown) store.addTemplates(identity.identityId, templates);
  else store.enrol({ ...identity, templates });
  store.append({ type: 'roster.changed', identityId: identity.identityId, change: 'enrolled' });
  return {
    identityId: identity.identityId,
    photos: photos.length,
    templates: templates.length,
    change: isKnown ? 'templates-added' : 'enrolled',
  };
}

function assertAcceptable(
  session: Session,
  config: Config,
  store: Store,
  { identityId, samples }: { readonly identityId: string; readonly samples: readonly Probe[] },
): void {
  const [decider] = encoderIds(config);
  const policy = session.composition.policyOf(config);
  const gallery = store.snapshot();
  const duplicate = policy.thresholdOf(decider, DUPLICATE_FMR, 1);
  const samePerson = policy.thresholdOf(decider, SAME_PERSON_FMR, 1);
  if (duplicate.outcome === 'missing' || samePerson.outcome === 'missing') {
    throw new PorticoError('PORTICO_ENROL_REFUSED', {
      message: `the encoder ${decider} has no calibration, so duplicates cannot be recognised`,
      remedy: 'Use a calibrated encoder, or write its calibration with `portico calibrate`.',
    });
  }
  const check = checkEnrolment({
    identityId,
    samples,
    gallery,
    thresholds: { duplicate: duplicate.threshold, samePerson: samePerson.threshold },
  });
  if (check.outcome === 'accepted') return;
  throw new PorticoError('PORTICO_ENROL_REFUSED', {
    message: check.text,
    remedy: 'Check the id and the photographs; `portico people ls` lists who is enrolled.',
    context: { identityId },
  });
}
