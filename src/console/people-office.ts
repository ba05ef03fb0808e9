import { randomBytes, randomUUID } from 'node:crypto';
import type { Identity, Template } from '../domain/identity.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { RosterPerson } from '../domain/roster.ts';
import { checkEnrolment, type EnrolmentRefusal } from '../gallery/enrolment-check.ts';
import type { RosterBook } from '../messaging/seat/roster-book.ts';
import type { SiteDesk } from '../messaging/seat/site-desk.ts';
import type { EnrolmentJudge, FaceSample } from './console-ports.ts';
import type { OpenRoster } from './open-roster.ts';

export interface PeopleOfficeParts {
  readonly desk: SiteDesk;
  readonly roster: OpenRoster;
  readonly judge: EnrolmentJudge;
  readonly clock: Clock;
  /** Makes the book durable; called after every change. */
  readonly saveBook: (book: RosterBook) => Promise<void>;
}

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
  | { readonly reason: 'id-in-use' | 'unknown-person' | 'too-many-photos' };

export type OfficeOutcome =
  | { readonly outcome: 'done'; readonly identityId: string }
  | { readonly outcome: 'refused'; readonly refusal: OfficeRefusal };

const TEMPLATES_MAX = 16;
const ID_BYTES = 6;

/**
 * Changes of people, one after another: each is checked against the whole roster, published with a
 * new head, and written down.
 */
export class PeopleOffice {
  readonly #parts: PeopleOfficeParts;
  #line: Promise<unknown> = Promise.resolve();

  constructor(parts: PeopleOfficeParts) {
    this.#parts = parts;
  }

  /** Who is enrolled already and looks like this face; `except` is the person that it is to be added to. */
  resemblance(samples: readonly FaceSample[], except?: string): Resemblance | undefined {
    const refusal = this.#check(except ?? '', [samples]);
    return refusal?.reason === 'duplicate-person' ? refusal.resembles : undefined;
  }

  /** @param identityId  absent: a random one @throws PORTICO_SITE_* when nothing was published */
  enrol(
    details: PersonDetails,
    photos: readonly (readonly FaceSample[])[],
    identityId = `p-${randomBytes(ID_BYTES).toString('hex')}`,
  ): Promise<OfficeOutcome> {
    return this.#inTurn(async () => {
      const { roster } = this.#parts;
      if (roster.person(identityId) !== undefined) return refused({ reason: 'id-in-use' });
      const refusal = this.#check(identityId, photos);
      if (refusal !== undefined) return refused(refusal);
      const templates = this.#templates(identityId, photos);
      if (templates.length > TEMPLATES_MAX) return refused({ reason: 'too-many-photos' });
      return this.#publish({ identity: { ...details, identityId }, templates });
    });
  }

  /** @param photos  added to those that the person has @throws PORTICO_SITE_* */
  change(
    identityId: string,
    details: PersonDetails,
    photos: readonly (readonly FaceSample[])[],
  ): Promise<OfficeOutcome> {
    return this.#inTurn(async () => {
      const known = this.#parts.roster.person(identityId);
      if (known === undefined) return refused({ reason: 'unknown-person' });
      const refusal = photos.length === 0 ? undefined : this.#check(identityId, photos);
      if (refusal !== undefined) return refused(refusal);
      const templates = [...known.templates, ...this.#templates(identityId, photos)];
      if (templates.length > TEMPLATES_MAX) return refused({ reason: 'too-many-photos' });
      return this.#publish({ identity: { ...details, identityId }, templates });
    });
  }

  /** @throws PORTICO_SITE_* when the deletion was not published */
  revoke(identityId: string): Promise<OfficeOutcome> {
    return this.#inTurn(async () => {
      const { desk, roster } = this.#parts;
      if (roster.person(identityId) === undefined) return refused({ reason: 'unknown-person' });
      await desk.publishTombstone(identityId);
      return this.#seal(identityId);
    });
  }

  async #publish(person: RosterPerson): Promise<OfficeOutcome> {
    await this.#parts.desk.publishRecord(person);
    return this.#seal(person.identity.identityId);
  }

  /** What was published counts and is in the book, even where the head then fails. */
  async #seal(identityId: string): Promise<OfficeOutcome> {
    const { desk, roster, saveBook } = this.#parts;
    try {
      await desk.publishHead();
    } finally {
      await saveBook(desk.book);
      await roster.refresh();
    }
    return { outcome: 'done', identityId };
  }

  #check(
    identityId: string,
    photos: readonly (readonly FaceSample[])[],
  ): OfficeRefusal | undefined {
    const { judge, roster, clock } = this.#parts;
    const capturedAtMs = clock.now();
    const samples = photos
      .map((photo) => photo.find(({ modelId }) => modelId === judge.modelId))
      .filter((sample) => sample !== undefined)
      .map((sample) => ({ ...sample, capturedAtMs }));
    const gallery = roster.gallery();
    const check = checkEnrolment({ identityId, samples, gallery, thresholds: judge });
    if (check.outcome === 'accepted') return undefined;
    const { refusal } = check;
    if (refusal.reason !== 'duplicate-person') return refusal;
    const { resembles } = refusal;
    const name = roster.nameOf(resembles) ?? resembles;
    return { reason: refusal.reason, resembles: { identityId: resembles, name } };
  }

  #templates(identityId: string, photos: readonly (readonly FaceSample[])[]): readonly Template[] {
    const enrolledAtMs = this.#parts.clock.wall();
    return photos
      .flat()
      .map((sample) => ({ ...sample, templateId: randomUUID(), identityId, enrolledAtMs }));
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#line.then(work);
    this.#line = turn.catch(() => undefined);
    return turn;
  }
}

const refused = (refusal: OfficeRefusal): OfficeOutcome => ({ outcome: 'refused', refusal });
