import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { PorticoError } from '../domain/errors.ts';
import type { NewTemplate } from '../gallery/roster-shapes.ts';
import { EnrolmentJournal } from '../office/enrolment-journal.ts';
import { type EnrolmentJudge, judgeEnrolment, refusalText } from '../office/enrolment-judge.ts';
import { photoAdvice } from '../office/photo-refusal.ts';
import type { PhotoAnalyser } from '../vision/photo-analyser.ts';
import { type AtPeople, withSitePeople } from './at-site.ts';
import { enrolmentJudgeOf } from './enrolment-judge-of.ts';
import { enrolmentList, type ListedPerson } from './enrolment-list.ts';
import { readPhoto, withAnalyser } from './read-faces.ts';
import type { Session } from './session.ts';

/** What became of a list. */
export interface BulkOutcome {
  readonly listed: number;
  readonly enrolled: number;
  /** Were enrolled before, for example by the run that was interrupted. */
  readonly already: number;
  /** Were enrolled and deleted since: a list brings nobody back. */
  readonly deleted: number;
  readonly refused: readonly { readonly entry: string; readonly text: string }[];
  readonly isInterrupted: boolean;
  /** File with what became of everybody. */
  readonly journal: string;
}

/** Gates hear of those enrolled so far no later than this: a roster that differs from its head for long is a fault. */
const VOUCH_EVERY_MS = 15_000;
const OPAQUE_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

type Fate = 'enrolled' | 'already' | 'deleted' | { readonly refusal: string };

/**
 * Enrols everybody whom a folder or a table names. It can be interrupted and run again: who is
 * enrolled stays so and is not looked at any more, who was refused is tried again.
 * @throws PORTICO_USAGE, PORTICO_SITE_*, PORTICO_ROSTER_INCOMPLETE
 */
export function bulkEnrol(
  session: Session,
  list: string,
  { areNames }: { readonly areNames: boolean },
): Promise<BulkOutcome> {
  const people = enrolmentList(list);
  const config = session.config();
  const judge = enrolmentJudgeOf(session, config);
  return withSitePeople(session, (at) =>
    withAnalyser(session, config, async (analyser) => {
      const journal = EnrolmentJournal.open(at.folder, resolve(list));
      try {
        const work = new BulkEnrolment({ session, at, analyser, judge, journal, areNames });
        return await work.run(people);
      } finally {
        journal.close();
      }
    }),
  );
}

interface BulkParts {
  readonly session: Session;
  readonly at: AtPeople;
  readonly analyser: PhotoAnalyser;
  readonly judge: EnrolmentJudge;
  readonly journal: EnrolmentJournal;
  readonly areNames: boolean;
}

class BulkEnrolment {
  readonly #parts: BulkParts;
  #vouchedAtMs: number;

  constructor(parts: BulkParts) {
    this.#parts = parts;
    this.#vouchedAtMs = parts.session.composition.clock.now();
  }

  async run(people: readonly ListedPerson[]): Promise<BulkOutcome> {
    const { session, journal } = this.#parts;
    const { terminal, signal } = session;
    const counts = { enrolled: 0, already: 0, deleted: 0 };
    const refused: { entry: string; text: string }[] = [];
    for (const [index, person] of people.entries()) {
      if (signal.aborted) break;
      terminal.bar('enrolling', index / people.length, `${index} of ${people.length}`);
      const fate = await this.#enrol(person);
      if (typeof fate === 'string') counts[fate] += 1;
      else refused.push({ entry: person.entry, text: fate.refusal });
      await this.#vouchNowAndThen();
    }
    terminal.clearBar();
    const isInterrupted = signal.aborted;
    return { listed: people.length, ...counts, refused, isInterrupted, journal: journal.path };
  }

  async #enrol(person: ListedPerson): Promise<Fate> {
    const { at, journal, areNames } = this.#parts;
    const { entry } = person;
    const before = journal.line(entry);
    const made = areNames ? `p-${randomBytes(6).toString('hex')}` : entry;
    const identityId = before?.identityId ?? made;
    if (at.people.identity(identityId) !== undefined) return 'already';
    if (at.desk.book.entry(identityId)?.kind === 'tombstone') return 'deleted';
    // An id that was made up must be known again, whatever happens from here on.
    if (before === undefined) journal.note({ entry, identityId, outcome: 'begun' });
    const refusal = await this.#publish(person, identityId);
    if (refusal === undefined) journal.note({ entry, identityId, outcome: 'enrolled' });
    else journal.note({ entry, identityId, outcome: 'refused', text: refusal });
    return refusal === undefined ? 'enrolled' : { refusal };
  }

  /** @returns why not, in words */
  async #publish(person: ListedPerson, identityId: string): Promise<string | undefined> {
    const { at, judge, session, areNames } = this.#parts;
    if (!OPAQUE_ID.test(identityId)) {
      return 'no id: letters, digits and . _ : - only; with --names ids are made up';
    }
    const read = await this.#read(person.photos);
    if (typeof read === 'string') return read;
    const check = judgeEnrolment(judge, {
      identityId,
      photos: read,
      gallery: at.people.gallery(),
      now: session.composition.clock.now(),
    });
    if (check.outcome === 'refused') {
      return refusalText(check, (id) => at.people.identity(id)?.name);
    }
    const name = person.details.name ?? (areNames ? person.entry : identityId);
    try {
      await at.people.enrol({ ...person.details, identityId, name }, read.flat());
      return undefined;
    } catch (error) {
      const isRefusal = error instanceof PorticoError && error.code === 'PORTICO_ENROL_REFUSED';
      if (isRefusal) return error.message;
      throw error;
    }
  }

  async #read(photos: readonly string[]): Promise<readonly (readonly NewTemplate[])[] | string> {
    if (photos.length === 0) return 'no photograph is named';
    const samples: (readonly NewTemplate[])[] = [];
    for (const photo of photos) {
      const reading = await readPhoto(this.#parts.analyser, photo);
      if (reading.outcome === 'refused') {
        const { what, remedy } = photoAdvice(reading.reason, reading.faceCount);
        return `${photo} ${what}. ${remedy}`;
      }
      samples.push(reading.face.embeddings);
    }
    return samples;
  }

  async #vouchNowAndThen(): Promise<void> {
    const { at, session } = this.#parts;
    const now = session.composition.clock.now();
    if (now - this.#vouchedAtMs < VOUCH_EVERY_MS) return;
    await at.people.vouch();
    this.#vouchedAtMs = now;
  }
}
