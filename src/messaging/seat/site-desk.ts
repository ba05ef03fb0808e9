import { randomBytes } from 'node:crypto';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { RosterPerson } from '../../domain/roster.ts';
import type { PersonDocument, RosterHead } from '../../roster/roster-documents.ts';
import type {
  BrokerLink,
  IncomingMessage,
  OpenBrokerLink,
  OutgoingMessage,
  SessionState,
  Subscription,
} from '../broker/broker-link.ts';
import type { Order } from '../documents/command-document.ts';
import { textOf } from '../roster/read-roster.ts';
import { contentKeysFor, trustListOf } from '../site/found-site.ts';
import type { SeatFile, SiteFile } from '../site/site-files.ts';
import type { Role } from '../site/trust-list.ts';
import type { TrustRing } from '../site/trust-ring.ts';
import { SIZE_LIMITS } from '../size-limits.ts';
import { type SiteTopics, siteTopics } from '../topics.ts';
import { BookFollower, readHead, readPerson } from './book-follower.ts';
import { CommandDesk, type CommandOutcome, type CommandTiming } from './command-desk.ts';
import { composeHead, composePerson, composeTombstone } from './compose-records.ts';
import {
  type EventArchive,
  EventFollower,
  type FollowerListener,
  type FollowOptions,
} from './event-follower.ts';
import { GateReports, type GateReportsListener } from './gate-reports.ts';
import { PictureFollower } from './picture-follower.ts';
import type { BookEntry, RosterBook } from './roster-book.ts';
import { isSealedByNewest, sealAnew, signerIdOf } from './sealed-entry.ts';
import { openSeatKeys, type SeatKeys } from './seat-keys.ts';

export interface SiteDeskOptions {
  readonly seat: SeatFile;
  /** The administrator's copy of the roster; the desk keeps it up to date, the caller on disk. */
  readonly book: RosterBook;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly openLink: OpenBrokerLink;
  readonly listener?: SiteDeskListener;
  /** How long gates may believe a head; issue another before it ends. */
  readonly headValidForMs?: number;
}

export interface SiteDeskListener extends GateReportsListener {
  onConnection?(state: 'up' | 'down', detail: string): void;
}

const HEAD_VALID_FOR_MS = 7 * 24 * 3600_000;
const KEEPALIVE_SECONDS = 30;
const PUBLISHED_AT_ONCE = 64;
const FOLLOW_POLL_MS = 50;

/** How the desk's copy of the roster stands to what the broker keeps. */
export type RosterCopy = 'complete' | 'unvouched' | 'incomplete' | 'unheaded';

export type OnProgress = (done: number, total: number) => void;

/** An administrator's or auditor's part in a site. */
export class SiteDesk {
  readonly #options: SiteDeskOptions;
  readonly #keys: SeatKeys;
  readonly #topics: SiteTopics;
  readonly #answerTopic: string;
  readonly #commands: CommandDesk;
  readonly #reports: GateReports;
  readonly #link: BrokerLink;
  #follower: EventFollower | undefined;
  #pictures: PictureFollower | undefined;
  #bookFollower: BookFollower | undefined;
  #isUp = false;
  #trouble: string | undefined;

  private constructor(options: SiteDeskOptions, keys: SeatKeys) {
    this.#options = options;
    this.#keys = keys;
    const { seat, clock } = options;
    this.#topics = siteTopics(seat.site);
    this.#reports = new GateReports(seat.site, keys.trust, options.listener);
    // Several programs may sit at one seat: each awaits its own answers.
    const deskId = `${keys.signer.kid.slice(0, 8)}-${randomBytes(8).toString('hex')}`;
    this.#answerTopic = this.#topics.answers(deskId);
    this.#commands = new CommandDesk({
      site: seat.site,
      topics: this.#topics,
      answerTopic: this.#answerTopic,
      keys,
      clock,
      link: () => this.#link,
    });
    const hello = {
      clientId: `portico-${seat.site}-desk-${deskId}`,
      sessionExpirySeconds: 0,
      keepaliveSeconds: KEEPALIVE_SECONDS,
    };
    this.#link = options.openLink(hello, {
      onUp: (session) => void this.#up(session),
      onDown: (detail) => {
        this.#isUp = false;
        this.#trouble = detail;
        options.listener?.onConnection?.('down', detail);
      },
      onMessage: (message) => this.#receive(message),
    });
  }

  /** @throws PORTICO_SITE_FILE */
  static async open(options: SiteDeskOptions): Promise<SiteDesk> {
    return new SiteDesk(options, await openSeatKeys(options.seat));
  }

  get isConnected(): boolean {
    return this.#isUp;
  }

  /** Why the last connection failed or ended; undefined while connected or before. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  get seat(): SeatFile {
    return this.#options.seat;
  }

  /** What this seat's key may do at the moment; nothing once it was revoked. */
  roles(): readonly Role[] {
    const found = this.#keys.trust.administratorLookup(this.#options.clock.wall())(
      this.#keys.signer.kid,
    );
    return found.outcome === 'found' ? found.principal.roles : [];
  }

  /** The newest trust list that has come, as the root signed it, with its epoch. */
  trustList(): { readonly epoch: number; readonly text: string } {
    const { epoch, text } = this.#keys.trust;
    return { epoch, text };
  }

  /** Every gate of the site's trust list. */
  gateIds(): readonly string[] {
    return this.#keys.trust.gateIds();
  }

  get book(): RosterBook {
    return this.#options.book;
  }

  /** Whose signatures count, as this desk knows it. */
  get trust(): TrustRing {
    return this.#keys.trust;
  }

  /** Names the key that this desk signs with. */
  get keyId(): string {
    return this.#keys.signer.kid;
  }

  /** Publishes the next record of a person; a head must follow. */
  async publishRecord(person: RosterPerson): Promise<BookEntry> {
    return this.#publishEntry(await composePerson(person, this.#issue()));
  }

  /** Publishes the deletion of a person; a head must follow. */
  async publishTombstone(identityId: string): Promise<BookEntry> {
    return this.#publishEntry(await composeTombstone(identityId, this.#issue()));
  }

  /** Vouches for the roster as the book has it: after every change, and before the last head ends. */
  async publishHead(): Promise<void> {
    const { headValidForMs = HEAD_VALID_FOR_MS } = this.#options;
    const head = await composeHead(this.#issue(), headValidForMs);
    await this.#publishRetained(this.#topics.rosterHead, head.payload);
    this.book.putHead(head);
  }

  /**
   * Makes the book what the broker has, and keeps it so.
   * @param quietMs  give up when the broker has sent nothing for so long
   * @returns 'unvouched': complete, but for changes of this desk that no head covers, because it was
   *   interrupted; 'incomplete': the broker has not sent all that the newest head vouches for;
   *   'unheaded': it keeps no head, because the site is new or the broker has lost what it kept
   */
  async followRoster(quietMs: number): Promise<RosterCopy> {
    const { clock } = this.#options;
    const parts = { ...this.#reading(), site: this.#options.seat.site };
    const follower = new BookFollower(parts);
    this.#bookFollower = follower;
    if (this.#isUp) await this.#subscribeRoster();
    while (!follower.isComplete()) {
      const isOver = clock.now() - follower.newsAtMs >= quietMs;
      if (isOver && !follower.hasHead()) return 'unheaded';
      if (isOver) return follower.isCompleteButForOwnChanges() ? 'unvouched' : 'incomplete';
      await clock.sleep(FOLLOW_POLL_MS);
    }
    return 'complete';
  }

  /** Whether the book is, at this moment, what the newest head vouches for; false before it is followed. */
  get hasWholeRoster(): boolean {
    return this.#bookFollower?.isComplete() ?? false;
  }

  /** What the book says about a person; undefined for nobody, for the deleted, and without the key. */
  readPerson(identityId: string): Promise<PersonDocument | undefined> {
    return readPerson(identityId, this.#reading());
  }

  /** The newest head in the book; undefined without one, and when its signature does not count any more. */
  readHead(): Promise<RosterHead | undefined> {
    return readHead(this.#reading());
  }

  /** Ids of everybody whose newest record this key signed, deletions included. */
  async signedBy(kid: string): Promise<readonly string[]> {
    const { contentKeys } = this.#keys;
    const signed: string[] = [];
    for (const entry of this.book.entries()) {
      if ((await signerIdOf(entry, contentKeys)) === kid) signed.push(entry.identityId);
    }
    return signed;
  }

  /**
   * Seals every record under the newest content key; what is so already is left alone.
   * @returns how many could not be opened
   */
  async sealAnew(onProgress: OnProgress = ignored): Promise<number> {
    const { contentKeys } = this.#keys;
    const due = [...this.book.entries()].filter(
      ({ payload }) => !isSealedByNewest(payload, contentKeys),
    );
    let unreadable = 0;
    await inBatches(due, onProgress, async (entry) => {
      const sealed = await sealAnew(entry, contentKeys);
      if (sealed === undefined) unreadable += 1;
      else await this.#publishEntry(sealed);
    });
    return unreadable;
  }

  /** Fills a broker that lost what it kept. */
  async republish(onProgress: OnProgress = ignored): Promise<void> {
    await inBatches([...this.book.entries()], onProgress, ({ identityId, payload }) =>
      this.#publishRetained(this.#topics.record(identityId), payload),
    );
    const { head } = this.book;
    if (head !== undefined) await this.#publishRetained(this.#topics.rosterHead, head.payload);
  }

  /** Publishes trust list and content keys after a change; only whoever holds the site's file can. */
  async publishKeys(file: SiteFile): Promise<void> {
    const now = this.#options.clock.wall();
    const trustList = await trustListOf(file, now);
    await this.#publishRetained(this.#topics.trustList, trustList);
    await this.#keys.trust.accept(trustList);
    for (const { gateId } of file.gates) {
      const keys = await contentKeysFor(file, gateId, now);
      await this.#publishRetained(this.#topics.gate(gateId).contentKeys, keys);
    }
  }

  /** @throws PORTICO_SITE_UNREACHABLE, PORTICO_SITE_REFUSED when the broker did not take it */
  sendCommand(gateId: string, order: Order, timing?: CommandTiming): Promise<CommandOutcome> {
    return this.#commands.send(gateId, order, timing);
  }

  /** Takes all gates' events into the archive from where it ends, their pictures too, and gives receipts. */
  async followEvents(
    archive: EventArchive,
    listener: FollowerListener,
    { givesReceipts = true, pictures }: FollowOptions = {},
  ): Promise<void> {
    const { seat, clock, logger } = this.#options;
    const parts = {
      site: seat.site,
      topics: this.#topics,
      keys: this.#keys,
      clock,
      logger,
      publish: (message: OutgoingMessage) => {
        this.#link.publish(message).catch((error: unknown) => {
          logger.warn({ event: 'site.receipt-failed', error }, 'a receipt was not published');
        });
      },
    };
    this.#follower = new EventFollower({ ...parts, archive, listener, givesReceipts });
    if (pictures !== undefined) {
      this.#pictures = new PictureFollower({ ...parts, archive: pictures });
    }
    if (this.#isUp) await this.#beginFollowing();
  }

  close(): Promise<void> {
    this.#pictures?.close();
    return this.#link.close();
  }

  #reading() {
    const { clock, book } = this.#options;
    return { keys: this.#keys, clock, book };
  }

  #subscribeRoster(): Promise<void> {
    return this.#link.subscribe([
      { filter: this.#topics.allRecords, wantsRetained: true },
      { filter: this.#topics.rosterHead, wantsRetained: true },
    ]);
  }

  #issue() {
    const { seat, clock, book } = this.#options;
    return { site: seat.site, keys: this.#keys, book, now: clock.wall() };
  }

  async #publishEntry(entry: BookEntry): Promise<BookEntry> {
    await this.#publishRetained(this.#topics.record(entry.identityId), entry.payload);
    this.book.put(entry);
    return entry;
  }

  async #publishRetained(topic: string, payload: string): Promise<void> {
    await this.#link.publish({ topic, payload, isRetained: true });
  }

  async #up(session: SessionState): Promise<void> {
    const { listener, logger } = this.#options;
    const all = this.#topics.allGates;
    const subscriptions: Subscription[] = [
      { filter: this.#topics.trustList, wantsRetained: true },
      { filter: this.#answerTopic, wantsRetained: false },
      { filter: all.availability, wantsRetained: true },
      { filter: all.state, wantsRetained: true },
    ];
    try {
      await this.#link.subscribe(subscriptions);
      this.#isUp = true;
      this.#trouble = undefined;
      if (this.#follower !== undefined) await this.#beginFollowing();
      if (this.#bookFollower !== undefined) await this.#subscribeRoster();
      listener?.onConnection?.('up', session);
    } catch (error) {
      logger.warn({ event: 'site.subscribe-failed', error }, 'could not subscribe');
    }
  }

  async #beginFollowing(): Promise<void> {
    const { event, picture } = this.#topics.allGates;
    await this.#link.subscribe([{ filter: event, wantsRetained: false }]);
    if (this.#pictures !== undefined) await this.#subscribePictures(picture);
    await this.#follower?.begin(this.#keys.trust.gateIds());
  }

  /** A broker whose access list does not know them yet must not keep the events away. */
  async #subscribePictures(filter: string): Promise<void> {
    try {
      await this.#link.subscribe([{ filter, wantsRetained: false }]);
    } catch (error) {
      const fields = { event: 'site.subscribe-failed', error };
      this.#options.logger.warn(fields, 'pictures of events cannot be received');
    }
  }

  async #receive(message: IncomingMessage): Promise<void> {
    if (message.topic === this.#answerTopic) return this.#commands.take(message);
    const topic = this.#topics.parse(message.topic);
    if (topic === undefined || message.payload.length === 0) return;
    if (topic.noun === 'trust') {
      if (message.payload.length <= SIZE_LIMITS.trustList) {
        await this.#keys.trust.accept(textOf(message.payload));
      }
    } else if (topic.noun === 'roster' || topic.noun === 'roster-head') {
      await this.#bookFollower?.take({ ...topic, payload: message.payload });
    } else if (topic.noun === 'event') await this.#follower?.take(topic.gateId, message.payload);
    else if (topic.noun === 'picture') {
      await this.#follower?.settled(topic.gateId);
      await this.#pictures?.take(topic.gateId, message.payload);
    } else if (topic.noun === 'state') await this.#reports.takeState(topic.gateId, message.payload);
    else if (topic.noun === 'availability')
      this.#reports.takeAvailability(topic.gateId, message.payload);
  }
}

const ignored: OnProgress = () => undefined;

async function inBatches<T>(
  items: readonly T[],
  onProgress: OnProgress,
  work: (item: T) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < items.length; first += PUBLISHED_AT_ONCE) {
    const some = items.slice(first, first + PUBLISHED_AT_ONCE);
    await Promise.all(some.map(work));
    onProgress(first + some.length, items.length);
  }
}
