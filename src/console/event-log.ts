import type { EventDocument } from '../messaging/documents/event-document.ts';
import { type ArchivePosition, type EventFit, isLinked } from '../messaging/seat/event-follower.ts';
import { type ReportedEvent, readEvent } from '../office/read-event.ts';

const ROWS_KEPT = 1_000;

export interface EventRow extends ReportedEvent {
  /** Whether the signature counts and the hash follows the one before. */
  readonly chain: 'verified' | 'after-loss' | 'broken';
}

/** How far a gate's chain of events was followed here. */
export interface ChainStanding {
  readonly gateId: string;
  readonly from: number;
  readonly upTo: number;
  readonly standing: 'unbroken' | 'after-loss' | 'broken';
}

/** The newest events of all gates, in the order of their arrival, and how their chains stand. */
export class EventLog {
  #rows: EventRow[] = [];
  readonly #chains = new Map<string, ChainStanding>();

  /** @returns the row that it became; undefined for what was there already, or waits for an earlier one */
  note(document: EventDocument, fit: EventFit): EventRow | undefined {
    if (fit === 'duplicate' || fit === 'gap') return undefined;
    this.#follow(document.gateId, document.number, fit);
    const event = readEvent(document);
    if (event === undefined) return undefined;
    const row: EventRow = { ...event, chain: CHAIN_OF[fit] };
    this.#rows.push(row);
    if (this.#rows.length > ROWS_KEPT) this.#rows = this.#rows.slice(-ROWS_KEPT);
    return row;
  }

  /**
   * What the archive has of a gate, oldest first. The gate's signatures were verified when it came; the
   * hashes are verified again.
   */
  recall(gateId: string, documents: readonly EventDocument[]): void {
    let before: ArchivePosition | undefined;
    for (const document of documents) {
      if (document.gateId === gateId) this.note(document, archivedFit(before, document));
      before = document;
    }
    this.#rows.sort((left, right) => left.atMs - right.atMs);
  }

  /** The newest first. */
  newest(limit: number): readonly EventRow[] {
    return this.#rows.slice(-limit).reverse();
  }

  chains(): readonly ChainStanding[] {
    return [...this.#chains.values()];
  }

  chain(gateId: string): ChainStanding | undefined {
    return this.#chains.get(gateId);
  }

  #follow(gateId: string, number: number, fit: keyof typeof CHAIN_OF): void {
    const before = this.#chains.get(gateId);
    const isFresh = before === undefined || fit === 'new-stream';
    const worst = isFresh ? 'unbroken' : before.standing;
    this.#chains.set(gateId, {
      gateId,
      from: isFresh ? number : before.from,
      upTo: number,
      standing: worse(worst, fit),
    });
  }
}

const CHAIN_OF = {
  next: 'verified',
  first: 'verified',
  'new-stream': 'verified',
  'after-loss': 'after-loss',
  'broken-chain': 'broken',
} as const satisfies Record<Exclude<EventFit, 'duplicate' | 'gap'>, EventRow['chain']>;

function archivedFit(
  before: ArchivePosition | undefined,
  document: EventDocument,
): keyof typeof CHAIN_OF {
  if (!isLinked(document)) return 'broken-chain';
  if (before === undefined) return 'first';
  if (before.streamId !== document.streamId) return 'new-stream';
  if (document.number > before.number + 1) return 'after-loss';
  return document.previousHash === before.hash ? 'next' : 'broken-chain';
}

function worse(
  before: ChainStanding['standing'],
  fit: keyof typeof CHAIN_OF,
): ChainStanding['standing'] {
  if (before === 'broken' || fit === 'broken-chain') return 'broken';
  return before === 'after-loss' || fit === 'after-loss' ? 'after-loss' : 'unbroken';
}
