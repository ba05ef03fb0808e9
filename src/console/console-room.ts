import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { EventArchive } from '../messaging/seat/event-follower.ts';
import type { RosterBook } from '../messaging/seat/roster-book.ts';
import type { SiteDesk, SiteDeskListener } from '../messaging/seat/site-desk.ts';
import type { Role } from '../messaging/site/trust-list.ts';
import type {
  Connection,
  ConsoleNews,
  NamedEvent,
  RosterReport,
  Snapshot,
} from './console-news.ts';
import type { EnrolmentJudge, PhotoReader, SiteCustody } from './console-ports.ts';
import { EventLog, type EventRow } from './event-log.ts';
import { GateBoard } from './gate-board.ts';
import { LiveFeed } from './live-feed.ts';
import { OpenRoster } from './open-roster.ts';
import { OrderDesk } from './order-desk.ts';
import { PeopleOffice } from './people-office.ts';
import { PhotoDrafts } from './photo-drafts.ts';

export interface ConsoleParts {
  readonly site: string;
  /** Opens the administrator's desk; the listener is the console's. */
  readonly openDesk: (listener: SiteDeskListener) => Promise<SiteDesk>;
  readonly saveBook: (book: RosterBook) => Promise<void>;
  readonly archive: EventArchive;
  readonly photos: PhotoReader;
  readonly judge: EnrolmentJudge;
  readonly custody: SiteCustody;
  readonly clock: Clock;
  readonly logger: Logger;
}

const FOLLOW_MS = 1_000;
const ROSTER_WITHIN_MS = 60_000;
const EVENTS_SHOWN = 300;

/** What is there before the desk is: the desk speaks as soon as it is open. */
interface Listening {
  readonly board: GateBoard;
  readonly feed: LiveFeed;
  connection: Connection;
}

/** All that the console knows and can do, whatever page asks for it. */
export class ConsoleRoom {
  readonly parts: ConsoleParts;
  readonly desk: SiteDesk;
  readonly roster: OpenRoster;
  readonly office: PeopleOffice;
  readonly drafts: PhotoDrafts;
  readonly orders: OrderDesk;
  readonly #listening: Listening;
  readonly #log = new EventLog();
  readonly #cancelFollow: Cancel;
  #standing: RosterReport['standing'];

  private constructor(parts: ConsoleParts, desk: SiteDesk, listening: Listening) {
    this.parts = parts;
    this.desk = desk;
    this.#listening = listening;
    const { clock, judge, saveBook } = parts;
    this.roster = new OpenRoster(desk);
    this.office = new PeopleOffice({ desk, roster: this.roster, judge, clock, saveBook });
    this.drafts = new PhotoDrafts(clock);
    this.orders = new OrderDesk(desk, (report) => this.#tell({ kind: 'order', report }));
    this.#standing = this.canRead ? 'loading' : 'unreadable';
    this.#cancelFollow = clock.every(FOLLOW_MS, () => void this.followRoster());
  }

  /** Sits down at the desk and begins to follow gates, people and events. */
  static async open(parts: ConsoleParts): Promise<ConsoleRoom> {
    const feed = new LiveFeed(parts.clock);
    let desk: SiteDesk | undefined;
    const board = new GateBoard(() => desk?.trust.gateIds() ?? []);
    const listening: Listening = { board, feed, connection: { state: 'down', detail: '' } };
    const tell = (news: ConsoleNews): void => feed.tell(news);
    desk = await parts.openDesk({
      onConnection: (state, detail) => {
        listening.connection = { state, detail };
        tell({ kind: 'connection', connection: listening.connection });
      },
      onAvailability: (gateId, availability) => {
        const now = parts.clock.wall();
        tell({ kind: 'gate', gate: board.noteAvailability(gateId, availability, now) });
      },
      onState: (state) => tell({ kind: 'gate', gate: board.noteState(state) }),
    });
    const room = new ConsoleRoom(parts, desk, listening);
    await room.#begin();
    return room;
  }

  /** What the trust list says this desk may do. */
  get roles(): readonly Role[] {
    const { desk } = this;
    return desk.trust.administrators().find(({ kid }) => kid === desk.keyId)?.roles ?? [];
  }

  /** Auditors hold no key that opens a record. */
  get canRead(): boolean {
    return this.roles.some((role) => role !== 'audit');
  }

  get gateIds(): readonly string[] {
    return this.#listening.board.gateIds();
  }

  /** Takes over what came since, and tells the pages. */
  async followRoster(): Promise<void> {
    try {
      if (await this.roster.refresh()) this.tellRoster();
    } catch (error) {
      const fields = { event: 'console.roster-failed', error };
      this.parts.logger.error(fields, 'the roster could not be read');
    }
  }

  tellRoster(): void {
    this.#tell({ kind: 'roster', roster: this.#rosterReport() });
  }

  #rosterReport(): RosterReport {
    const { revision, size } = this.roster;
    return { revision, total: size, standing: this.#standing };
  }

  snapshot(): Snapshot {
    const { site, clock } = this.parts;
    return {
      kind: 'snapshot',
      site,
      wallMs: clock.wall(),
      roles: this.roles,
      connection: this.#listening.connection,
      roster: this.#rosterReport(),
      gates: this.#listening.board.cards(),
      events: this.#log.newest(EVENTS_SHOWN).map((row) => this.#named(row)),
      chains: this.#log.chains(),
    };
  }

  /** @returns false: too many pages are open */
  admit(response: Parameters<LiveFeed['admit']>[0]): boolean {
    return this.#listening.feed.admit(response, this.snapshot());
  }

  async close(): Promise<void> {
    this.#cancelFollow();
    this.#listening.feed.close();
    await this.desk.close();
  }

  async #begin(): Promise<void> {
    const { archive } = this.parts;
    const givesReceipts = this.roles.includes('audit');
    await this.desk.followEvents(
      archive,
      {
        onEvent: (document, fit) => {
          const row = this.#log.note(document, fit);
          const chain = this.#log.chain(document.gateId);
          if (row === undefined || chain === undefined) return;
          this.#tell({ kind: 'event', event: this.#named(row), chain });
        },
      },
      { givesReceipts },
    );
    await this.followRoster();
    if (this.canRead) void this.#loadRoster();
  }

  async #loadRoster(): Promise<void> {
    const standing = await this.desk.followRoster(ROSTER_WITHIN_MS);
    await this.followRoster();
    this.#standing = standing;
    this.tellRoster();
  }

  #named(row: EventRow): NamedEvent {
    const { identityId } = row.event;
    const name = identityId === undefined ? undefined : this.roster.nameOf(identityId);
    return name === undefined ? row : { ...row, name };
  }

  #tell(news: ConsoleNews): void {
    this.#listening.feed.tell(news);
  }
}
