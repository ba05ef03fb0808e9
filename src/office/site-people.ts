import { randomBytes } from 'node:crypto';
import { ProtocolError, StoreError } from '../domain/errors.ts';
import type { Identity, Template } from '../domain/identity.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { Gallery } from '../gallery/gallery.ts';
import { GalleryBuilder, type TemplateRecord } from '../gallery/gallery-builder.ts';
import { checkedIdentity, checkTemplate, type NewTemplate } from '../gallery/roster-shapes.ts';
import type { OnProgress, SiteDesk } from '../messaging/seat/site-desk.ts';
import { identityOf, templatesOf } from '../roster/roster-documents.ts';

export interface SitePeopleOptions {
  readonly desk: SiteDesk;
  readonly clock: Clock;
  /** Told while a large roster is read. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
  /** Open the records of these people alone; default: everybody's, as the search for duplicates needs. */
  readonly only?: readonly string[];
}

/** A new computer fetches the whole roster; when nothing comes for so long, it is not coming. */
const QUIET_MS = 4_000;
const READ_AT_ONCE = 64;
/** Of one person, of all encoders together. */
export const TEMPLATES_MAX = 16;

/**
 * Everybody in the site's roster, opened: names, validity and a gallery to find duplicates in. Changes
 * are signed and published one by one; `vouch` then issues the head that covers them.
 */
export class SitePeople {
  readonly #desk: SiteDesk;
  readonly #clock: Clock;
  readonly #builder = new GalleryBuilder();
  readonly #templates = new Map<string, readonly Template[]>();
  readonly #only: ReadonlySet<string> | undefined;
  #unreadable = 0;
  #revision = 0;
  #isVouched = true;

  private constructor(options: SitePeopleOptions) {
    this.#desk = options.desk;
    this.#clock = options.clock;
    this.#only = options.only === undefined ? undefined : new Set(options.only);
  }

  /**
   * Brings the desk's copy up to date from the broker, then opens every record.
   * @throws PORTICO_ROSTER_INCOMPLETE when the broker does not give what the head vouches for
   */
  static async open(options: SitePeopleOptions): Promise<SitePeople> {
    const { desk } = options;
    const outcome = await desk.followRoster(QUIET_MS);
    const hasLostRoster = outcome === 'unheaded' && desk.book.head !== undefined;
    if (outcome === 'incomplete' || hasLostRoster) throw incomplete();
    const people = new SitePeople(options);
    people.#isVouched = outcome !== 'unvouched';
    await people.refresh(options);
    return people;
  }

  /** Takes over what other desks have changed meanwhile. */
  async refresh({
    onProgress,
    signal,
  }: Pick<SitePeopleOptions, 'onProgress' | 'signal'> = {}): Promise<void> {
    const changed: string[] = [];
    for (const { identityId, kind, version } of this.#desk.book.entries()) {
      if (this.#only?.has(identityId) === false) continue;
      if (kind === 'tombstone') this.#forget(identityId);
      else if (this.#builder.entry(identityId)?.revision !== version) changed.push(identityId);
    }
    this.#unreadable = 0;
    for (let first = 0; first < changed.length; first += READ_AT_ONCE) {
      signal?.throwIfAborted();
      const some = changed.slice(first, first + READ_AT_ONCE);
      await Promise.all(some.map((identityId) => this.#read(identityId)));
      onProgress?.(first + some.length, changed.length);
    }
  }

  /** Another number after every change. */
  get revision(): number {
    return this.#revision;
  }

  /** Records that this seat cannot open or does not believe: their people are in no gallery here. */
  get unreadable(): number {
    return this.#unreadable;
  }

  identities(): readonly Identity[] {
    return this.#builder.identities();
  }

  identity(identityId: string): Identity | undefined {
    return this.#builder.entry(identityId)?.identity;
  }

  /** A person's templates without their numbers. */
  templatesOf(identityId: string): readonly TemplateRecord[] {
    return this.#builder.entry(identityId)?.templates ?? [];
  }

  gallery(): Gallery {
    return this.#builder.snapshot(this.#revision);
  }

  /**
   * A new person, or more templates for a known one, whose details stay as they are.
   * @throws PORTICO_ENROL_REFUSED for a malformed field, PORTICO_SITE_REFUSED, PORTICO_SITE_UNREACHABLE
   */
  async enrol(
    candidate: Identity,
    added: readonly NewTemplate[],
  ): Promise<'enrolled' | 'templates-added'> {
    const known = this.identity(candidate.identityId);
    const identity = known ?? checkedIdentity(candidate);
    const before = this.#templates.get(identity.identityId) ?? [];
    for (const template of added) checkTemplate(template);
    const templates = [
      ...before,
      ...added.map((template) => this.#newTemplate(identity, template)),
    ];
    if (templates.length > TEMPLATES_MAX) throw tooManyTemplates(identity.identityId);
    await this.#publish(identity, templates);
    return known === undefined ? 'enrolled' : 'templates-added';
  }

  /** Other name, validity or schedule for a known person. @throws as `enrol`, PORTICO_STORE_UNKNOWN_IDENTITY */
  async update(candidate: Identity): Promise<void> {
    const identity = checkedIdentity(candidate);
    const templates = this.#templates.get(identity.identityId);
    if (templates === undefined) throw unknown(identity.identityId);
    await this.#publish(identity, templates);
  }

  /** Publishes the deletion: gates destroy the person's key. @throws PORTICO_STORE_UNKNOWN_IDENTITY */
  async remove(identityId: string): Promise<void> {
    if (this.#desk.book.entry(identityId)?.kind !== 'person') throw unknown(identityId);
    this.#assertMayEnrol();
    this.#isVouched = false;
    await this.#desk.publishTombstone(identityId);
    this.#forget(identityId);
  }

  /**
   * Issues a head over all changes since the last one, also those of a program that was interrupted;
   * does nothing when there were none.
   */
  async vouch(): Promise<void> {
    if (this.#isVouched) return;
    this.#assertMayEnrol();
    await this.#desk.publishHead();
    this.#isVouched = true;
  }

  /**
   * Signs with this seat's key whatever another key has signed, so that it outlives that key; vouch then.
   * @returns whom it concerned
   */
  async signAnew(kid: string, onProgress?: OnProgress): Promise<readonly string[]> {
    const signed = await this.#desk.signedBy(kid);
    for (const [index, identityId] of signed.entries()) {
      const identity = this.identity(identityId);
      if (identity !== undefined) await this.update(identity);
      else if (this.#desk.book.entry(identityId)?.kind === 'tombstone') {
        this.#assertMayEnrol();
        this.#isVouched = false;
        await this.#desk.publishTombstone(identityId);
      }
      onProgress?.(index + 1, signed.length);
    }
    return signed;
  }

  async #publish(identity: Identity, templates: readonly Template[]): Promise<void> {
    this.#assertMayEnrol();
    this.#isVouched = false;
    const { version } = await this.#desk.publishRecord({ identity, templates });
    this.#put(identity, version, templates);
  }

  async #read(identityId: string): Promise<void> {
    const document = await this.#desk.readPerson(identityId);
    const templates = document === undefined ? undefined : templatesOf(document);
    if (document === undefined || templates === undefined) this.#unreadable += 1;
    else this.#put(identityOf(document), document.version, templates);
  }

  #put(identity: Identity, version: number, templates: readonly Template[]): void {
    this.#builder.put(identity, version, templates);
    this.#templates.set(identity.identityId, templates);
    this.#revision += 1;
  }

  #forget(identityId: string): void {
    if (!this.#templates.delete(identityId)) return;
    this.#builder.remove(identityId);
    this.#revision += 1;
  }

  #newTemplate({ identityId }: Identity, { modelId, embedding }: NewTemplate): Template {
    const templateId = `t-${randomBytes(12).toString('hex')}`;
    return { templateId, identityId, modelId, embedding, enrolledAtMs: this.#clock.wall() };
  }

  /** A gate would refuse it without a word to us. */
  #assertMayEnrol(): void {
    if (this.#desk.roles().includes('enrol')) return;
    throw new ProtocolError('PORTICO_SITE_REFUSED', {
      message: 'the key of this seat may not change the roster',
      remedy: 'Use the seat of an administrator with the role enrol.',
    });
  }
}

const incomplete = (): ProtocolError =>
  new ProtocolError('PORTICO_ROSTER_INCOMPLETE', {
    message: 'the broker does not have the roster that its head, or our copy, vouches for',
    remedy:
      'If the broker lost what it kept, fill it again with `portico site publish`; nothing was changed.',
  });

const unknown = (identityId: string): StoreError =>
  new StoreError('PORTICO_STORE_UNKNOWN_IDENTITY', {
    message: `nobody is enrolled in the site as ${identityId}`,
    remedy: '`portico people ls` lists the ids in use.',
    context: { identityId },
  });

const tooManyTemplates = (identityId: string): StoreError =>
  new StoreError('PORTICO_ENROL_REFUSED', {
    message: `${identityId} would have more than ${TEMPLATES_MAX} templates`,
    remedy: 'Delete the person and enrol the best photographs anew.',
    context: { identityId },
  });
