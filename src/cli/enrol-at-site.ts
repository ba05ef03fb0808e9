import type { Identity } from '../domain/identity.ts';
import { shrinkPhoto } from '../frame/shrink-photo.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';
import { PHOTO_BYTES_MAX } from '../messaging/size-limits.ts';
import { askForSamples } from '../office/ask-gate.ts';
import { withSitePeople } from './at-site.ts';
import { assertAcceptable, type EnrolOutcome, readEnrolment } from './enrol-photos.ts';
import type { Session } from './session.ts';
import { untilAborted } from './until-aborted.ts';

/** Where the person's face is turned into templates. */
export type SampleSource =
  | { readonly from: 'photographs'; readonly paths: readonly string[] }
  | { readonly from: 'gate'; readonly gateId: string; readonly paths: readonly string[] }
  | { readonly from: 'capture'; readonly gateId: string; readonly withinMs: number };

/**
 * Enrols one person in the site, or gives a known one more templates.
 * @throws PORTICO_ENROL_REFUSED, PORTICO_IMAGE_UNREADABLE, PORTICO_SITE_*, PORTICO_ROSTER_INCOMPLETE
 */
export function enrolAtSite(
  session: Session,
  identity: Identity,
  source: SampleSource,
): Promise<EnrolOutcome> {
  const config = session.config();
  const { identityId } = identity;
  return withSitePeople(session, async ({ desk, people }) => {
    const samples =
      source.from === 'photographs'
        ? await readEnrolment(
            session,
            config,
            source.paths.map((path) => ({ label: path, picture: path })),
          )
        : await untilAborted(samplesFrom(session, desk, identityId, source), session.signal);
    await people.refresh();
    assertAcceptable(session, config, {
      identityId,
      samples,
      gallery: people.gallery(),
      nameOf: (id) => people.identity(id)?.name,
    });
    const change = await people.enrol(identity, samples.flat());
    return { identityId, photos: samples.length, templates: samples.flat().length, change };
  });
}

async function samplesFrom(
  { terminal }: Session,
  desk: SiteDesk,
  identityId: string,
  source: Exclude<SampleSource, { from: 'photographs' }>,
): Promise<readonly (readonly NewTemplate[])[]> {
  const { gateId } = source;
  if (source.from === 'capture') {
    terminal.note(`let the person stand before ${gateId} now, and do what its page asks`);
    const order = {
      name: 'capture-enrolment',
      identityId,
      timeoutMs: source.withinMs,
    } as const;
    return asPhotos(await askForSamples(desk, gateId, order));
  }
  const samples: (readonly NewTemplate[])[] = [];
  for (const [index, path] of source.paths.entries()) {
    terminal.bar(`${gateId} encodes`, index / source.paths.length, path);
    const photo = Buffer.from(await shrinkPhoto(path, PHOTO_BYTES_MAX)).toString('base64url');
    samples.push(await askForSamples(desk, gateId, { name: 'encode-photo', identityId, photo }));
  }
  terminal.clearBar();
  return samples;
}

/** A gate sends several frames, each by every encoder: they must agree as several photographs must. */
function asPhotos(samples: readonly NewTemplate[]): readonly (readonly NewTemplate[])[] {
  const photos: NewTemplate[][] = [];
  for (const sample of samples) {
    const photo = photos.find((taken) => taken.every(({ modelId }) => modelId !== sample.modelId));
    if (photo === undefined) photos.push([sample]);
    else photo.push(sample);
  }
  return photos;
}
