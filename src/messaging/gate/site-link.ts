import type { Cancel, Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { MonotonicMs } from '../../domain/units.ts';
import type { Encoder } from '../../roster/apply-roster.ts';
import {
  ROSTER_TRUST_DEFAULTS,
  type RosterStanding,
  type RosterTrustPolicy,
} from '../../roster/roster-standing.ts';
import type {
  BrokerLink,
  IncomingMessage,
  OpenBrokerLink,
  OutgoingMessage,
  SessionState,
} from '../broker/broker-link.ts';
import type { CommandResult } from '../documents/command-document.ts';
import type { GateReport, StateDocument } from '../documents/state-document.ts';
import { signDocument } from '../envelope/signing.ts';
import type { GatePassport } from '../site/site-files.ts';
import { type SiteTopics, siteTopics } from '../topics.ts';
import { CommandIntake } from './command-intake.ts';
import { type EventAcknowledgement, EventPublisher } from './event-publisher.ts';
import { availabilityOf, gateHello } from './gate-hello.ts';
import type { CommandHandler, SiteLinkListener, SiteStore } from './gate-ports.ts';
import { KeyIntake } from './key-intake.ts';
import { OwedSettings } from './owed-settings.ts';
import { PicturePublisher } from './picture-publisher.ts';
import { RefusalTally } from './refusal-tally.ts';
import { RosterIntake } from './roster-intake.ts';
import { SiteKeys } from './site-keys.ts';

export interface SiteLinkOptions {
  readonly passport: GatePassport;
  readonly store: SiteStore;
  /** Templates of other encoders are left aside and counted. */
  readonly encoders: readonly Encoder[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly handler: CommandHandler;
  /** Asked whenever the state is published. */
  readonly report: () => GateReport;
  readonly openLink: OpenBrokerLink;
  readonly listener?: SiteLinkListener;
  readonly trustPolicy?: RosterTrustPolicy;
  readonly acknowledgement?: EventAcknowledgement;
  /** Absent: no picture is made of anybody. */
  readonly keepPicturesForMs?: number;
  readonly keepaliveSeconds?: number;
}

const TICK_MS = 1_000;
const GOOD_BYE_MS = 1_000;
const STATE_PERIOD_MS = 60_000;
/** Records that are late for so long are asked for; then each time after twice as long. */
const FIRST_RESYNC_MS = 5_000;
const LAST_RESYNC_MS = 600_000;

/** A gate's part in its site: the roster in, commands in, events and state out. */
export class SiteLink {
  readonly pictures: PicturePublisher;
  readonly #options: SiteLinkOptions;
  readonly #listener: SiteLinkListener;
  readonly #topics: SiteTopics;
  readonly #tally: RefusalTally;
  readonly #keys: SiteKeys;
  readonly #settings: OwedSettings;
  readonly #roster: RosterIntake;
  readonly #commands: CommandIntake;
  readonly #events: EventPublisher;
  readonly #keyIntake: KeyIntake;
  readonly #link: BrokerLink;
  readonly #cancelTick: Cancel;
  #isUp = false;
  #heardAtMs: MonotonicMs | undefined;
  #stateDueMs = Number.NEGATIVE_INFINITY;
  #resyncAfterMs = FIRST_RESYNC_MS;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #closing: Promise<void> | undefined;

  private constructor(options: SiteLinkOptions, keys: SiteKeys, settings: OwedSettings) {
    this.#options = options;
    const { passport, store, clock, logger } = options;
    const { site, gateId } = passport;
    this.#listener = this.#ownListener();
    this.#topics = siteTopics(site);
    this.#tally = new RefusalTally(logger);
    this.#keys = keys;
    this.#settings = settings;
    const shared = { site, store, keys, clock, tally: this.#tally, listener: this.#listener };
    this.#roster = new RosterIntake({
      ...shared,
      settings,
      minimumHeadEpoch: passport.minimumHeadEpoch,
      encoders: options.encoders,
      policy: options.trustPolicy ?? ROSTER_TRUST_DEFAULTS,
    });
    this.#commands = new CommandIntake({
      ...shared,
      gateId,
      topics: this.#topics,
      logger,
      handler: options.handler,
      sync: (isFromScratch) => this.#sync(isFromScratch),
      answer: (message) => this.#send(message),
    });
    this.#events = new EventPublisher({
      ...shared,
      gateId,
      topic: this.#topics.gate(gateId).event,
      acknowledgement: options.acknowledgement ?? 'receipt',
      link: () => this.#link,
      onAuditor: () => this.pictures.offerAgain(),
    });
    this.pictures = new PicturePublisher({
      ...shared,
      gateId,
      logger,
      topic: this.#topics.gate(gateId).picture,
      store: store.pictures,
      keepForMs: options.keepPicturesForMs,
      link: () => this.#link,
      publishEvents: () => {
        this.noteEvent();
        return this.#events.settled();
      },
    });
    this.#keyIntake = new KeyIntake({
      ...shared,
      events: this.#events,
      pictures: this.pictures,
      onKeysChanged: () => {
        if (this.#isUp) void this.#subscribe(true);
      },
    });
    this.#link = options.openLink(gateHello(passport, options.keepaliveSeconds), {
      onUp: (session) => this.#up(session),
      onDown: (detail, isRefused) => this.#down(detail, isRefused),
      onMessage: (message) => this.#receive(message),
    });
    this.#cancelTick = clock.every(TICK_MS, () => this.#tick());
  }

  /** Resolves as soon as the link is at work; the broker may be away for as long as it likes. */
  static async start(options: SiteLinkOptions): Promise<SiteLink> {
    const { passport, store, clock } = options;
    const onFault = (error: unknown): void => noteStoreFault(options, error);
    const settings = new OwedSettings({ store, clock, onFault });
    return new SiteLink(options, await SiteKeys.open(passport, settings), settings);
  }

  get isConnected(): boolean {
    return this.#isUp;
  }

  /** When the broker last sent or took something; undefined: not since the start. */
  get heardAtMs(): MonotonicMs | undefined {
    return this.#heardAtMs;
  }

  roster(): StateDocument['roster'] {
    const { head, count } = this.#roster.ledger;
    const { standing, ignoredTemplates } = this.#roster;
    return { standing, epoch: head?.epoch ?? 0, count, ignoredTemplates };
  }

  /** How far the roster may be believed; see `rosterTrust` for what that asks of the policy. */
  standing(): RosterStanding {
    return this.#roster.standing;
  }

  /** False for a person whose newest record no complete and valid head has covered yet. */
  isVouchedFor(identityId: string): boolean {
    return this.#roster.ledger.isVouchedFor(identityId);
  }

  /** Messages not obeyed, by reason. */
  refusals(): Readonly<Record<string, number>> {
    return this.#tally.counts();
  }

  /** An event was appended to the store: publish it now rather than within a second. */
  noteEvent(): void {
    this.#events.wake();
  }

  /** Something in the gate's report changed: publish it with the next tick. */
  noteState(): void {
    this.#stateDueMs = Number.NEGATIVE_INFINITY;
  }

  /** Resolves when what arrived so far has been dealt with; for tests and for an orderly end. */
  async settled(): Promise<void> {
    await Promise.all([
      this.#keyIntake.settled(),
      this.#roster.settled(),
      this.#commands.settled(),
    ]);
    await this.#events.settled();
    await this.pictures.settled();
  }

  /** Says good-bye. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#cancelTick();
    this.#events.close();
    this.pictures.close();
    if (this.#isUp) await this.#sayGoodBye();
    await this.#link.close();
    await this.settled();
  }

  /** Best effort, and not for long on a dead line: the will says the same. */
  #sayGoodBye(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(GOOD_BYE_MS, resolve);
      const done = (): void => {
        cancel();
        resolve();
      };
      this.#link.publish(availabilityOf(this.#options.passport, 'offline')).then(done, done);
    });
  }

  #ownListener(): SiteLinkListener {
    const { listener = {}, logger } = this.#options;
    return {
      onRosterChange: (changes) => listener.onRosterChange?.(changes),
      onStanding: (standing) => {
        this.noteState();
        logger.info({ event: 'site.roster-standing', standing }, 'the roster stands differently');
        listener.onStanding?.(standing);
      },
      onStoreFault: (error) => noteStoreFault(this.#options, error),
    };
  }

  #up(session: SessionState): void {
    this.#isUp = true;
    this.#heard();
    const { logger, listener, passport } = this.#options;
    logger.info({ event: 'site.connected', session }, 'connected to the site');
    listener?.onUp?.();
    this.#send(availabilityOf(passport, 'online'));
    void this.#subscribe(session === 'fresh' || this.#roster.wantsEverything());
    this.noteState();
    this.#events.up(session);
    this.pictures.up();
  }

  #down(detail: string, isRefused: boolean): void {
    this.#isUp = false;
    this.#events.down();
    this.pictures.down();
    const { logger, listener } = this.#options;
    const code = isRefused ? 'PORTICO_SITE_REFUSED' : 'PORTICO_SITE_UNREACHABLE';
    logger.warn({ event: 'site.disconnected', code, detail }, 'not connected to the site');
    listener?.onDown?.(detail, isRefused);
  }

  /** Keys and head come every time: they are small, and the head tells what is missing. */
  async #subscribe(wantsRecords: boolean): Promise<void> {
    const { gateId } = this.#options.passport;
    const own = this.#topics.gate(gateId);
    try {
      await this.#link.subscribe([
        { filter: this.#topics.trustList, wantsRetained: true },
        { filter: own.contentKeys, wantsRetained: true },
        { filter: own.command, wantsRetained: false },
        { filter: own.receipt, wantsRetained: true },
        { filter: this.#topics.rosterHead, wantsRetained: true },
      ]);
      await this.#link.subscribe([
        { filter: this.#topics.allRecords, wantsRetained: wantsRecords },
      ]);
      // Last and alone: a broker whose access list does not know it yet must not keep the roster away.
      if (this.#options.keepPicturesForMs !== undefined) {
        await this.#link.subscribe([{ filter: own.pictureReceipt, wantsRetained: false }]);
      }
    } catch (error) {
      this.#options.logger.warn({ event: 'site.subscribe-failed', error }, 'could not subscribe');
    }
  }

  #send(message: OutgoingMessage): void {
    const failed = (error: unknown): void => {
      const fields = { event: 'site.publish-failed', topic: message.topic, error };
      this.#options.logger.warn(fields, 'a message was not published');
    };
    this.#link.publish(message).then(() => this.#heard(), failed);
  }

  #heard(): void {
    this.#heardAtMs = this.#options.clock.now();
  }

  #receive(message: IncomingMessage): Promise<void> | undefined {
    this.#heard();
    const topic = this.#topics.parse(message.topic);
    const { payload } = message;
    if (topic === undefined) {
      this.#tally.note('unknown-topic', 'link');
      return undefined;
    }
    // A cleared retained message says nothing: people are deleted by tombstones only.
    if (payload.length === 0) return undefined;
    if ('gateId' in topic && topic.gateId !== this.#options.passport.gateId) {
      this.#tally.note('wrong-gate', topic.noun);
      return undefined;
    }
    switch (topic.noun) {
      case 'roster':
        return this.#roster.offer({ noun: 'roster', identityId: topic.identityId, payload });
      case 'roster-head':
        return this.#roster.offer({ noun: 'roster-head', payload });
      case 'command':
        this.#commands.offer(message);
        return undefined;
      case 'trust':
      case 'keys':
      case 'receipt':
      case 'picture-receipt':
        this.#keyIntake.offer(topic.noun, payload);
        return undefined;
      case 'availability':
      case 'state':
      case 'event':
      case 'picture':
      case 'answer':
        this.#tally.note('unknown-topic', topic.noun);
        return undefined;
    }
  }

  #sync(isFromScratch: boolean): CommandResult {
    if (isFromScratch) this.#roster.startAfresh();
    void this.#subscribe(true);
    this.noteState();
    return { outcome: 'done' };
  }

  #tick(): void {
    this.#settings.retry();
    this.#roster.assess();
    this.#askForLateRecords();
    const { clock } = this.#options;
    if (!this.#isUp || clock.now() < this.#stateDueMs) return;
    this.#stateDueMs = clock.now() + STATE_PERIOD_MS;
    void this.#publishState();
  }

  /** Only when nothing comes any more: a broker that is still sending would send everything twice. */
  #askForLateRecords(): void {
    const lateSince = this.#roster.lateSince();
    if (lateSince === undefined) {
      this.#resyncAfterMs = FIRST_RESYNC_MS;
      return;
    }
    const now = this.#options.clock.now();
    const quietForMs = now - Math.max(lateSince, this.#askedAtMs);
    if (!this.#isUp || quietForMs < this.#resyncAfterMs) return;
    this.#resyncAfterMs = Math.min(this.#resyncAfterMs * 2, LAST_RESYNC_MS);
    this.#askedAtMs = now;
    void this.#subscribe(true);
  }

  async #publishState(): Promise<void> {
    const { passport, clock, store, report } = this.#options;
    const { site, gateId } = passport;
    try {
      const { last, acknowledged } = store.outboxRange();
      const document: StateDocument = {
        schemaVersion: 1,
        kind: 'state',
        site,
        gateId,
        atMs: clock.wall(),
        gate: report(),
        roster: this.roster(),
        events: { last, acknowledged },
        refusals: this.#tally.counts(),
      };
      const payload = await signDocument('state', document, this.#keys.signer);
      this.#send({ topic: this.#topics.gate(gateId).state, payload, isRetained: true });
    } catch (error) {
      this.#listener.onStoreFault?.(error);
    }
  }
}

function noteStoreFault({ logger, listener }: SiteLinkOptions, error: unknown): void {
  logger.error({ event: 'site.store-failed', error }, 'the store failed the link');
  listener?.onStoreFault?.(error);
}
