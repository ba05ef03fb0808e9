import type { WallMs } from '../domain/units.ts';
import type { Availability, StateDocument } from '../messaging/documents/state-document.ts';

/** A gate as the page shows it. */
export interface GateCard {
  readonly gateId: string;
  /** 'unknown': it has never said anything. */
  readonly availability: Availability | 'unknown';
  /** When it last said something of itself, as its own clock had it. */
  readonly lastSeenMs?: number;
  readonly state?: Pick<StateDocument, 'gate' | 'roster' | 'events' | 'refusals'>;
}

/** What is known of every gate, by what they publish. */
export class GateBoard {
  readonly #cards = new Map<string, GateCard>();
  readonly #gateIds: () => readonly string[];

  /** @param gateIds  those that the site has, in the order of the trust list */
  constructor(gateIds: () => readonly string[]) {
    this.#gateIds = gateIds;
  }

  noteAvailability(gateId: string, availability: Availability, now: WallMs): GateCard {
    const { lastSeenMs, ...known } = this.card(gateId);
    // What a fresh subscription brings is old news; only a change is a sign of life.
    const isChange = known.availability !== 'unknown' && known.availability !== availability;
    const seen = isChange ? now : lastSeenMs;
    return this.#put({
      ...known,
      availability,
      ...(seen === undefined ? {} : { lastSeenMs: seen }),
    });
  }

  noteState({ gateId, atMs, gate, roster, events, refusals }: StateDocument): GateCard {
    const state = { gate, roster, events, refusals };
    const { lastSeenMs = 0, availability } = this.card(gateId);
    return this.#put({ gateId, availability, state, lastSeenMs: Math.max(lastSeenMs, atMs) });
  }

  card(gateId: string): GateCard {
    return this.#cards.get(gateId) ?? { gateId, availability: 'unknown' };
  }

  cards(): readonly GateCard[] {
    return this.gateIds().map((gateId) => this.card(gateId));
  }

  /** Gates of the site; one that was taken out of the trust list is not shown any more. */
  gateIds(): readonly string[] {
    return [...this.#gateIds()].sort((left, right) => byId.compare(left, right));
  }

  #put(card: GateCard): GateCard {
    this.#cards.set(card.gateId, card);
    return card;
  }
}

const byId = new Intl.Collator('en', { numeric: true });
