import { z } from 'zod';
import type { EventDocument } from '../messaging/documents/event-document.ts';
import { parseJson } from '../messaging/envelope/compact-header.ts';
import { type ArchivePosition, type EventFit, isLinked } from '../messaging/seat/event-follower.ts';

const ROWS_KEPT = 1_000;

/** What an event may say, as far as the page shows it; the rest of a record is left aside. */
const recordSchema = z.object({
  atMs: z.number(),
  event: z.object({
    type: z.string().max(60),
    identityId: z.string().max(128).optional(),
    reasons: z.array(z.string().max(60)).max(32).optional(),
    code: z.string().max(60).optional(),
    detail: z.string().max(500).optional(),
    similarity: z.number().optional(),
    threshold: z.number().optional(),
    openForMs: z.number().optional(),
    faceCount: z.number().optional(),
    change: z.string().max(40).optional(),
    by: z.string().max(128).optional(),
    version: z.string().max(60).optional(),
    livenessWaiver: z.string().max(200).optional(),
  }),
});

export type ShownEvent = z.infer<typeof recordSchema>['event'];

export interface EventRow {
  readonly gateId: string;
  readonly streamId: string;
  readonly number: number;
  readonly atMs: number;
  readonly event: ShownEvent;
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
    const { gateId, streamId, number, record } = document;
    const chain = CHAIN_OF[fit];
    this.#follow(gateId, number, fit);
    const parsed = recordSchema.safeParse(parseJson(record));
    if (!parsed.success) return undefined;
    const { atMs, event } = parsed.data;
    const row: EventRow = { gateId, streamId, number, atMs, event, chain };
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
