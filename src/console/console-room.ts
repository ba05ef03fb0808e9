import type { Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { SiteDesk, SiteDeskListener } from '../messaging/seat/site-desk.ts';
import type { EnrolmentJudge } from '../office/enrolment-judge.ts';
import { GateBoard } from '../office/gate-board.ts';
import { openSiteDesk } from '../office/open-site-desk.ts';
import { passingArchive } from '../office/passing-archive.ts';
import type { SiteFolder } from '../office/site-folder.ts';
import type { SitePeople } from '../office/site-people.ts';
import type { Connection, ConsoleNews, NamedEvent, Snapshot } from './console-news.ts';
import type { PhotoReader } from './console-ports.ts';
import { EventLog, type EventRow } from './event-log.ts';
import { LiveFeed } from './live-feed.ts';
import { OrderDesk } from './order-desk.ts';
import { PeopleOffice } from './people-office.ts';
import { PhotoDrafts } from './photo-drafts.ts';
import { RosterWatch } from './roster-watch.ts';

export interface ConsoleParts {
  /** Closed by whoever opened it, after the console. */
  readonly folder: SiteFolder;
  readonly photos: PhotoReader;
  readonly judge: EnrolmentJudge;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the waiting for the broker. */
  readonly signal?: AbortSignal;
}

const EVENTS_SHOWN = 300;
const EVENTS_RECALLED = 200;

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
  readonly office: PeopleOffice;
  readonly drafts: PhotoDrafts;
  readonly orders: OrderDesk;
  readonly roster: RosterWatch;
  readonly #listening: Listening;
  readonly #log = new EventLog();

  private constructor(parts: ConsoleParts, desk: SiteDesk, listening: Listening) {
    this.parts = parts;
    this.desk = desk;
    this.#listening = listening;
    const { clock, logger, judge } = parts;
    const tell = (news: ConsoleNews): void => listening.feed.tell(news);
    this.roster = new RosterWatch({
      desk,
      clock,
      logger,
      onChange: (roster) => tell({ kind: 'roster', roster }),
    });
    this.office = new PeopleOffice({ people: () => this.people, judge, clock });
    this.drafts = new PhotoDrafts(clock);
    this.orders = new OrderDesk(desk, (report) => tell({ kind: 'order', report }));
  }

  /**
   * Sits down at the desk and begins to follow gates, people and events.
   * @throws PORTICO_SITE_FILE, PORTICO_SITE_UNREACHABLE
   */
  static async open(parts: ConsoleParts): Promise<ConsoleRoom> {
    const { folder, clock, logger, signal } = parts;
    const feed = new LiveFeed(clock);
    let desk: SiteDesk | undefined;
    const board = new GateBoard(() => desk?.gateIds() ?? []);
    const listening: Listening = { board, feed, connection: { state: 'down', detail: '' } };
    desk = await openSiteDesk(folder, {
      clock,
      logger,
      ...(signal === undefined ? {} : { signal }),
      listener: listen(listening, clock),
    });
    const room = new ConsoleRoom(parts, desk, listening);
    try {
      await room.#followEvents();
    } catch (error) {
      await room.close();
      throw error;
    }
    room.roster.begin();
    return room;
  }

  /** Undefined while the roster is not here, or where this seat may not read it. */
  get people(): SitePeople | undefined {
    return this.roster.people;
  }

  get gateIds(): readonly string[] {
    return this.#listening.board.gateIds();
  }

  snapshot(): Snapshot {
    const { folder, clock } = this.parts;
    return {
      kind: 'snapshot',
      site: folder.seat.site,
      wallMs: clock.wall(),
      roles: this.desk.roles(),
      connection: this.#listening.connection,
      roster: this.roster.report,
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
    this.roster.close();
    this.#listening.feed.close();
    await this.desk.close();
  }

  async #followEvents(): Promise<void> {
    const { folder } = this.parts;
    const { archive } = folder;
    for (const gateId of this.gateIds) {
      this.#log.recall(gateId, archive.tail(gateId, EVENTS_RECALLED));
    }
    // Whoever may not give receipts must not keep a record either: it would have gaps.
    const isAuditor = this.desk.roles().includes('audit');
    await this.desk.followEvents(
      isAuditor ? archive : passingArchive,
      {
        onEvent: (document, fit) => {
          const row = this.#log.note(document, fit);
          const chain = this.#log.chain(document.gateId);
          if (row === undefined || chain === undefined) return;
          this.#listening.feed.tell({ kind: 'event', event: this.#named(row), chain });
        },
      },
      { givesReceipts: isAuditor, pictures: isAuditor ? folder.pictures : undefined },
    );
  }

  #named(row: EventRow): NamedEvent {
    const { identityId } = row.fields;
    const isPerson = typeof identityId === 'string';
    const name = isPerson ? this.people?.identity(identityId)?.name : undefined;
    return name === undefined ? row : { ...row, name };
  }
}

/** What the desk hears, for the pages. */
function listen(listening: Listening, clock: Clock): SiteDeskListener {
  const { board, feed } = listening;
  return {
    onConnection: (state, detail) => {
      listening.connection = { state, detail };
      feed.tell({ kind: 'connection', connection: listening.connection });
    },
    onAvailability: (gateId, availability) => {
      const gate = board.noteAvailability(gateId, availability, clock.wall());
      feed.tell({ kind: 'gate', gate });
    },
    onState: (state) => feed.tell({ kind: 'gate', gate: board.noteState(state) }),
  };
}
