import { createSecretKey, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { RosterChange } from '../../domain/roster.ts';
import { openStore } from '../../gallery/open-store.ts';
import type { Store } from '../../gallery/store.ts';
import { mqttLinks } from '../../messaging/broker/mqtt-link.ts';
import { systemRandom } from '../../messaging/broker/retry-delays.ts';
import type { GateReport } from '../../messaging/documents/state-document.ts';
import { SiteLink } from '../../messaging/gate/site-link.ts';
import type { GatePassport } from '../../messaging/site/site-files.ts';
import { TRIAL_ENCODER } from './made-up-roster.ts';
import { countingMessages, type MessageCounts } from './message-counter.ts';
import type { TrialNews } from './trial-messages.ts';

export interface TrialGateParts {
  readonly passport: GatePassport;
  /** For its store. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onNews: (news: TrialNews) => void;
}

/** Between two people at most 0.25 in half a million comparisons; of one person here 0.8. */
const RECOGNISED_FROM = 0.5;
const CONVERGED_POLL_MS = 5;
const REPORT: GateReport = {
  version: '0.0.0',
  door: 'locked',
  contact: 'absent',
  isLockedDown: false,
  camera: 'delivering',
  provider: 'cpu',
  faults: [],
  uptimeSeconds: 1,
};

/**
 * A gate as the site sees it: the real link, the real store on disk, the real search among everybody. In
 * the place of camera and vision somebody stands at the door whose probe is given.
 */
export class TrialGate {
  readonly counts: MessageCounts = { recordMessages: 0, otherMessages: 0, payloadBytes: 0 };
  readonly #parts: TrialGateParts;
  readonly #store: Store;
  readonly #visitors = new Map<string, Float32Array>();
  readonly #cancelPoll: () => void;
  #link: SiteLink | undefined;
  #hasChanged = false;

  private constructor(parts: TrialGateParts, store: Store) {
    this.#parts = parts;
    this.#store = store;
    this.#cancelPoll = parts.clock.every(CONVERGED_POLL_MS, () => this.#lookWhetherConverged());
  }

  static async start(parts: TrialGateParts): Promise<TrialGate> {
    const { passport, folder, clock, logger } = parts;
    const path = join(folder, `${passport.gateId}.db`);
    const key = createSecretKey(randomBytes(32));
    const store = openStore({ path, key, clock, create: true });
    const gate = new TrialGate(parts, store);
    const links = mqttLinks({ broker: passport.broker, clock, logger, random: systemRandom });
    gate.#link = await SiteLink.start({
      passport,
      store,
      clock,
      logger,
      encoders: [TRIAL_ENCODER],
      handler: { handle: () => Promise.resolve({ outcome: 'done' }) },
      report: () => REPORT,
      openLink: countingMessages(links, gate.counts),
      listener: { onRosterChange: (changes) => gate.#roster(changes) },
    });
    return gate;
  }

  get isConnected(): boolean {
    return this.#link?.isConnected === true;
  }

  get isCurrent(): boolean {
    return this.#link?.standing() === 'current';
  }

  get people(): number {
    return this.#store.identities().length;
  }

  events(): { readonly last: number; readonly acknowledged: number } {
    return this.#store.outboxRange();
  }

  /** Somebody stands at the door from now on, known or not. */
  visit(identityId: string, probe: Float32Array): void {
    this.#visitors.set(identityId, probe);
  }

  async close(): Promise<void> {
    this.#cancelPoll();
    await this.#link?.close();
    this.#store.close();
  }

  #roster(changes: readonly RosterChange[]): void {
    this.#hasChanged = true;
    for (const { mark } of changes) {
      const probe = this.#visitors.get(mark.identityId);
      if (probe !== undefined) this.#decide(mark.identityId, probe);
    }
  }

  #decide(identityId: string, embedding: Float32Array): void {
    const { clock, passport, onNews } = this.#parts;
    const { modelId } = TRIAL_ENCODER;
    const { candidates } = this.#store
      .snapshot()
      .search({ modelId, embedding, capturedAtMs: clock.now() });
    const [best] = candidates;
    const isRecognised =
      best?.identity.identityId === identityId && best.similarity >= RECOGNISED_FROM;
    const { gateId } = passport;
    const outcome = isRecognised ? 'recognised' : 'stranger';
    onNews({ kind: 'decided', gateId, identityId, outcome });
    // As a gate does with every decision: it is durable, numbered, and goes to the auditor.
    this.#store.append({ type: 'door.closed' });
    this.#link?.noteEvent();
  }

  #lookWhetherConverged(): void {
    if (!this.#hasChanged || !this.isCurrent) return;
    this.#hasChanged = false;
    this.#parts.onNews({ kind: 'converged', gateId: this.#parts.passport.gateId });
  }
}
