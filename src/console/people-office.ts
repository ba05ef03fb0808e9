import { randomBytes } from 'node:crypto';
import type { Identity } from '../domain/identity.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { EnrolmentRefusal } from '../gallery/enrolment-check.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';
import { type EnrolmentJudge, judgeEnrolment } from '../office/enrolment-judge.ts';
import { type SitePeople, TEMPLATES_MAX } from '../office/site-people.ts';

export interface PeopleOfficeParts {
  /** Undefined while the roster is not here. */
  readonly people: () => SitePeople | undefined;
  readonly judge: EnrolmentJudge;
  readonly clock: Clock;
}

/** What every encoder made of each of a person's photographs. */
export type PhotoSamples = readonly (readonly NewTemplate[])[];

/** The details of a person that an administrator may set. */
export type PersonDetails = Omit<Identity, 'identityId'>;

export interface Resemblance {
  readonly identityId: string;
  readonly name: string;
}

/** Why a person was not enrolled or changed. */
export type OfficeRefusal =
  | Exclude<EnrolmentRefusal, { reason: 'duplicate-person' }>
  | { readonly reason: 'duplicate-person'; readonly resembles: Resemblance }
  | { readonly reason: 'id-in-use' | 'unknown-person' | 'too-many-photos' | 'roster-not-here' };

export type OfficeOutcome =
  | { readonly outcome: 'done'; readonly identityId: string }
  | { readonly outcome: 'refused'; readonly refusal: OfficeRefusal };

const ID_BYTES = 6;

/** Changes of people, one after another: each is judged against the whole roster, then published. */
export class PeopleOffice {
  readonly #parts: PeopleOfficeParts;
  #line: Promise<unknown> = Promise.resolve();

  constructor(parts: PeopleOfficeParts) {
    this.#parts = parts;
  }

  /**
   * What a photograph alone is refused for: somebody else looks like it, or it is not whom it is for.
   * @param identityId  whom it is to be added to; undefined: somebody new
   */
  judgePhoto(sample: readonly NewTemplate[], identityId?: string): OfficeRefusal | undefined {
    const people = this.#parts.people();
    if (people === undefined) return { reason: 'roster-not-here' };
    return this.#judge(people, identityId ?? NOBODY, [sample]);
  }

  /** @param identityId  absent: a random one @throws PORTICO_SITE_*, PORTICO_ENROL_REFUSED */
  enrol(
    details: PersonDetails,
    photos: PhotoSamples,
    identityId = `p-${randomBytes(ID_BYTES).toString('hex')}`,
  ): Promise<OfficeOutcome> {
    return this.#inTurn(async (people) => {
      if (people.identity(identityId) !== undefined) return refused({ reason: 'id-in-use' });
      const refusal = this.#judge(people, identityId, photos);
      if (refusal !== undefined) return refused(refusal);
      await people.enrol({ ...details, identityId }, photos.flat());
      return seal(people, identityId);
    });
  }

  /** @param photos  added to those that the person has @throws PORTICO_SITE_*, PORTICO_ENROL_REFUSED */
  change(identityId: string, details: PersonDetails, photos: PhotoSamples): Promise<OfficeOutcome> {
    return this.#inTurn(async (people) => {
      if (people.identity(identityId) === undefined) return refused({ reason: 'unknown-person' });
      const refusal = photos.length === 0 ? undefined : this.#judge(people, identityId, photos);
      if (refusal !== undefined) return refused(refusal);
      await people.update({ ...details, identityId });
      if (photos.length > 0) await people.enrol({ ...details, identityId }, photos.flat());
      return seal(people, identityId);
    });
  }

  /** @throws PORTICO_SITE_* when the deletion was not published */
  revoke(identityId: string): Promise<OfficeOutcome> {
    return this.#inTurn(async (people) => {
      if (people.identity(identityId) === undefined) return refused({ reason: 'unknown-person' });
      await people.remove(identityId);
      return seal(people, identityId);
    });
  }

  #judge(people: SitePeople, identityId: string, photos: PhotoSamples): OfficeRefusal | undefined {
    const { judge, clock } = this.#parts;
    const before = people.templatesOf(identityId).length;
    if (before + photos.flat().length > TEMPLATES_MAX) return { reason: 'too-many-photos' };
    const gallery = people.gallery();
    const check = judgeEnrolment(judge, { identityId, photos, gallery, now: clock.now() });
    if (check.outcome === 'accepted') return undefined;
    const { refusal } = check;
    if (refusal.reason !== 'duplicate-person') return refusal;
    const { resembles } = refusal;
    const name = people.identity(resembles)?.name ?? resembles;
    return { reason: refusal.reason, resembles: { identityId: resembles, name } };
  }

  #inTurn(work: (people: SitePeople) => Promise<OfficeOutcome>): Promise<OfficeOutcome> {
    const turn = this.#line.then(() => {
      const people = this.#parts.people();
      return people === undefined ? refused({ reason: 'roster-not-here' }) : work(people);
    });
    this.#line = turn.catch(() => undefined);
    return turn;
  }
}

/** No person's id is empty. */
const NOBODY = '';

/** Issues the head over the change. Where that fails, the record is out and the next head covers it. */
async function seal(people: SitePeople, identityId: string): Promise<OfficeOutcome> {
  await people.vouch();
  return { outcome: 'done', identityId };
}

const refused = (refusal: OfficeRefusal): OfficeOutcome => ({ outcome: 'refused', refusal });
