import type { IncomingMessage } from '../../src/messaging/broker/broker-link.ts';
import type { CommandResult, Order } from '../../src/messaging/documents/command-document.ts';
import { createSigningKey, signerOf } from '../../src/messaging/envelope/keys.ts';
import { signDocument } from '../../src/messaging/envelope/signing.ts';
import { SiteLink, type SiteLinkOptions } from '../../src/messaging/gate/site-link.ts';
import { RosterBook } from '../../src/messaging/seat/roster-book.ts';
import { SiteDesk, type SiteDeskOptions } from '../../src/messaging/seat/site-desk.ts';
import { siteTopics } from '../../src/messaging/topics.ts';
import { FakeClock } from './fake-clock.ts';
import { MemorySiteStore } from './memory-site-store.ts';
import { ModelBroker } from './model-broker.ts';
import { RecordingLogger } from './recording-logger.ts';
import { ENCODER, makeSite, QUIET_REPORT, type TestSite } from './site-fixture.ts';

export const topics = siteTopics('harbour');

/** A site in memory: a model broker, one gate, and whoever sits down at a desk. */
export class SiteStand {
  readonly clock = new FakeClock();
  readonly logger = new RecordingLogger();
  readonly broker = new ModelBroker();
  readonly store = new MemorySiteStore();
  readonly orders: Order[] = [];
  result: () => Promise<CommandResult> = () => Promise.resolve({ outcome: 'done' });
  readonly site: TestSite;
  #gate: SiteLink | undefined;

  private constructor(site: TestSite) {
    this.site = site;
  }

  static async open(change: Partial<SiteLinkOptions> = {}): Promise<SiteStand> {
    const stand = new SiteStand(await sharedSite);
    stand.#gate = await stand.startGate(change);
    await stand.settle();
    return stand;
  }

  get gate(): SiteLink {
    return this.#gate!;
  }

  startGate(change: Partial<SiteLinkOptions> = {}): Promise<SiteLink> {
    const { clock, logger, store, broker } = this;
    return SiteLink.start({
      passport: this.site.passports[0]!,
      store,
      encoders: [ENCODER],
      clock,
      logger,
      handler: {
        handle: (order) => {
          this.orders.push(order);
          return this.result();
        },
      },
      report: () => QUIET_REPORT,
      openLink: broker.openLink,
      ...change,
    });
  }

  async desk(
    who: 'administrator' | 'auditor' = 'administrator',
    change: Partial<SiteDeskOptions> = {},
  ): Promise<SiteDesk> {
    const desk = await SiteDesk.open({
      seat: this.site[who],
      book: new RosterBook(),
      clock: this.clock,
      logger: this.logger,
      openLink: this.broker.openLink,
      ...change,
    });
    await this.settle();
    return desk;
  }

  /** Says something to the gate, as the broker may at any time. */
  async say(topic: string, payload: string | Uint8Array, change: Partial<IncomingMessage> = {}) {
    const message = { topic, payload: Buffer.from(payload), isRetained: false, ...change };
    await this.broker.say('portico-harbour-gate-gate-1', message);
    await this.settle();
  }

  /** Lets messages, signatures and answers run to their end without moving the clock. */
  settle(): Promise<void> {
    return settleMessages(this.broker, async () => this.#gate?.settled());
  }
}

/**
 * Lets everything under way come to its end. Signatures are made in the thread pool: those made here queue
 * behind those of the site, and so wait for them.
 */
export async function settleMessages(
  broker: ModelBroker,
  settled: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (let quietTurns = 0; quietTurns < 6; quietTurns += 1) {
    await Promise.all(FENCE.map(async () => signDocument('state', {}, await fenceSigner)));
    await new Promise((resolve) => setImmediate(resolve));
    await settled();
    if (broker.undelivered > 0) quietTurns = -1;
  }
}

/** As many as the thread pool has threads. */
const FENCE = [0, 1, 2, 3];
const fenceSigner = createSigningKey().then(signerOf);
/** Making keys takes longer than any test: one site serves them all. */
export const sharedSite = makeSite(new FakeClock(), { gates: 2 });
