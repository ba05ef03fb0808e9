import { StoreError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { RosterChange } from '../../domain/roster.ts';
import { type MonotonicMs, monotonicMs } from '../../domain/units.ts';
import { applyRoster, type Encoder } from '../../roster/apply-roster.ts';
import { headDocumentSchema, type RosterHead } from '../../roster/roster-documents.ts';
import { RosterLedger } from '../../roster/roster-ledger.ts';
import {
  type RosterStanding,
  type RosterTrustPolicy,
  rosterStanding,
} from '../../roster/roster-standing.ts';
import { parseJson } from '../envelope/compact-header.ts';
import { type ReadRoster, type RosterPayload, readRosterPayload } from '../roster/read-roster.ts';
import type { SiteLinkListener, SiteStore } from './gate-ports.ts';
import type { OwedSettings } from './owed-settings.ts';
import type { RefusalTally } from './refusal-tally.ts';
import type { SiteKeys } from './site-keys.ts';

export interface RosterIntakeParts {
  readonly site: string;
  readonly minimumHeadEpoch: number;
  readonly encoders: readonly Encoder[];
  readonly store: SiteStore;
  /** Keeps the head, as soon as the store can. */
  readonly settings: Pick<OwedSettings, 'setSetting'>;
  readonly keys: SiteKeys;
  readonly clock: Clock;
  readonly tally: RefusalTally;
  readonly policy: RosterTrustPolicy;
  readonly listener: SiteLinkListener;
}

const HEAD_SETTING = 'site.roster-head';
const ENCODERS_SETTING = 'site.encoders';
/** So many messages are read side by side and stored in one transaction. */
const BATCH = 64;
/** From here on the broker is kept waiting for its acknowledgement. */
const QUEUE_HIGH = 256;

interface Waiting {
  readonly payload: RosterPayload;
  readonly done: () => void;
}

/**
 * The roster as it arrives: read, judged by the rules of `src/roster`, stored in batches, and only
 * then remembered. Nothing a peer sends makes it throw; what a broken store refuses is asked for again.
 */
export class RosterIntake {
  readonly #parts: RosterIntakeParts;
  readonly #ledger: RosterLedger;
  #queue: Waiting[] = [];
  #work: Promise<void> | undefined;
  #differsSince: MonotonicMs = monotonicMs(0);
  #differs = false;
  #missingAtFirst = 0;
  #progressAt: MonotonicMs = monotonicMs(0);
  #standing: RosterStanding;
  #ignoredTemplates = 0;

  constructor(parts: RosterIntakeParts) {
    this.#parts = parts;
    const { site, encoders, store, minimumHeadEpoch } = parts;
    forgetWhenEncodersChanged(store, encoders);
    this.#ledger = new RosterLedger({
      site,
      encoders,
      minimumEpoch: minimumHeadEpoch,
      head: storedHead(store, site),
      marks: store.rosterMarks(),
    });
    this.#standing = this.#assess();
  }

  get standing(): RosterStanding {
    return this.#standing;
  }

  get ledger(): Pick<RosterLedger, 'head' | 'count' | 'isVouchedFor'> {
    return this.#ledger;
  }

  get ignoredTemplates(): number {
    return this.#ignoredTemplates;
  }

  /**
   * Since when nothing has brought the records nearer to the head.
   * @returns undefined when they agree or there is no head
   */
  lateSince(): MonotonicMs | undefined {
    if (!this.#differs) return undefined;
    return monotonicMs(Math.max(this.#differsSince, this.#progressAt));
  }

  /** Resolves at once while there is room, else when there is again. */
  offer(payload: RosterPayload): Promise<void> | undefined {
    const isFull = this.#queue.length >= QUEUE_HIGH;
    const waiting = new Promise<void>((done) => this.#queue.push({ payload, done }));
    this.#work ??= this.#drain().finally(() => {
      this.#work = undefined;
    });
    return isFull ? waiting : undefined;
  }

  /** Takes every record once more as it comes, at the version that it has. */
  startAfresh(): void {
    const { store } = this.#parts;
    store.forgetRosterDigests();
    for (const mark of store.rosterMarks()) this.#ledger.note(mark);
  }

  /** Looks at the clock: a roster grows stale and incomplete without any message. */
  assess(): void {
    const standing = this.#assess();
    if (standing === this.#standing) return;
    this.#standing = standing;
    this.#parts.listener.onStanding?.(standing);
  }

  /** Whether the broker should send every record again: something differs, or is wanted anew. */
  wantsEverything(): boolean {
    return this.#differs || this.#ledger.hasForgotten();
  }

  /** Resolves when everything offered so far has been dealt with. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, BATCH);
      const { keys, clock } = this.#parts;
      const now = clock.wall();
      const read = await Promise.all(
        batch.map(({ payload }) => readRosterPayload(payload, keys, now)),
      );
      try {
        this.#apply(read);
      } catch (error) {
        // What is not stored is not remembered either: records and head differ until it comes again.
        this.#parts.listener.onStoreFault?.(error);
      }
      for (const { done } of batch) done();
      this.assess();
    }
  }

  #apply(read: readonly ReadRoster[]): void {
    let pending: RosterChange[] = [];
    const flush = (): void => {
      this.#store(pending);
      pending = [];
    };
    for (const result of read) {
      if (result.outcome === 'refused') {
        this.#parts.tally.note(result.reason, 'roster');
        continue;
      }
      const { document } = result.message;
      // Judged against what is durable: an earlier record of the same person must be stored first.
      const isPending =
        document.kind !== 'head' &&
        pending.some(({ mark }) => mark.identityId === document.identityId);
      if (isPending) flush();
      const verdict = applyRoster(this.#ledger, result.message);
      if (verdict.outcome === 'refused') this.#parts.tally.note(verdict.reason, 'roster');
      else if (verdict.outcome === 'head') this.#takeHead(verdict.head);
      else if (verdict.outcome === 'record') {
        this.#ignoredTemplates += verdict.ignoredTemplates;
        pending.push(verdict.change);
      }
    }
    flush();
  }

  #store(changes: readonly RosterChange[]): void {
    if (changes.length === 0) return;
    const { store, listener, tally } = this.#parts;
    try {
      store.applyRoster(changes);
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'PORTICO_ENROL_REFUSED')) throw error;
      // One record of the batch is at fault; the others must not suffer for it.
      if (changes.length > 1) for (const change of changes) this.#store([change]);
      else tally.note('not-storable', 'roster');
      return;
    }
    for (const { mark } of changes) this.#ledger.note(mark);
    this.#progressAt = this.#parts.clock.now();
    listener.onRosterChange?.(changes);
  }

  #takeHead(head: RosterHead): void {
    this.#parts.settings.setSetting(HEAD_SETTING, JSON.stringify(head), () =>
      this.#ledger.noteHead(head),
    );
  }

  #assess(): RosterStanding {
    const { clock, policy } = this.#parts;
    const { head } = this.#ledger;
    const matchesHead = this.#ledger.matchesHead();
    const differs = head !== undefined && !matchesHead;
    if (differs && !this.#differs) {
      this.#differsSince = clock.now();
      this.#missingAtFirst = Math.max(0, head.count - this.#ledger.count);
    }
    this.#differs = differs;
    const evidence = {
      head,
      matchesHead,
      differsSinceMs: this.#differsSince,
      missingAtFirst: this.#missingAtFirst,
      now: clock.now(),
      wall: clock.wall(),
    };
    const standing = rosterStanding(evidence, policy);
    if (standing === 'current') this.#vouch();
    return standing;
  }

  #vouch(): void {
    if (this.#ledger.isAllVouchedFor()) return;
    try {
      this.#parts.store.vouchForRoster();
      this.#ledger.vouch();
    } catch (error) {
      this.#parts.listener.onStoreFault?.(error);
    }
  }
}

function storedHead(store: SiteStore, site: string): RosterHead | undefined {
  const parsed = headDocumentSchema.safeParse(parseJson(store.setting(HEAD_SETTING) ?? ''));
  return parsed.success && parsed.data.site === site ? parsed.data : undefined;
}

/** Templates that were ignored under other encoders are wanted now. */
function forgetWhenEncodersChanged(store: SiteStore, encoders: readonly Encoder[]): void {
  const now = JSON.stringify(encoders.map(({ modelId, dimension }) => [modelId, dimension]).sort());
  const before = store.setting(ENCODERS_SETTING);
  if (before === now) return;
  if (before !== undefined) store.forgetRosterDigests();
  store.setSetting(ENCODERS_SETTING, now);
}
