import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock as clock } from '../../device/clock/system-clock.ts';
import { ProtocolError } from '../../src/domain/errors.ts';
import { mqttLinks } from '../../src/messaging/broker/mqtt-link.ts';
import type { StateDocument } from '../../src/messaging/documents/state-document.ts';
import type { EventFit } from '../../src/messaging/seat/event-follower.ts';
import { RosterBook } from '../../src/messaging/seat/roster-book.ts';
import { SiteDesk } from '../../src/messaging/seat/site-desk.ts';
import type { BrokerAddress, SeatFile } from '../../src/messaging/site/site-files.ts';
import { type RandomSource, seededRandom } from '../../src/numeric/random.ts';
import type { GateProcessSettings } from '../fault/messaging/gate-process.ts';
import { GateUnderFault } from './gate-under-fault.ts';
import { EVENT_LOSSES, insistOn } from './insist-on.ts';
import { Mosquitto } from './mosquitto.ts';
import { RecordingLogger } from './recording-logger.ts';
import { MemoryArchive, makeSite, person, type TestSite } from './site-fixture.ts';
import { scratchFolder } from './store-bench.ts';
import { until } from './until.ts';

export interface FaultSettings {
  readonly gates: number;
  readonly seed: number;
  /** Once the broker is there, before anybody connects. */
  readonly prepare?: (broker: Mosquitto) => Promise<void>;
  /** How a client reaches the broker; by default directly. */
  readonly addressFor?: (name: string, broker: Mosquitto) => BrokerAddress;
  /** Where the broker can be reached besides this machine. */
  readonly addresses?: readonly string[];
  readonly gateSurroundings?: ConstructorParameters<typeof GateUnderFault>[2];
  readonly commandFor?: (gateId: string) => readonly string[];
}

const IDENTITIES = 12;
const ORDER_LIVES_MS = 2_000;
/** The order's journey and the clocks of one machine. */
const ORDER_SLACK_MS = 250;
const CONNECTED_WITHIN_MS = 120_000;
const STUCK_AFTER_MS = 90_000;

/**
 * A site on a real mosquitto with gates in processes of their own, and a model of what its roster must be:
 * whatever is done to broker, lines, clocks and processes, in the end every gate holds the model, every
 * event is in the archive once, and no door has moved without an order that was in time.
 */
export class SiteUnderFault {
  readonly random: RandomSource;
  readonly broker: Mosquitto;
  readonly gates: readonly GateUnderFault[];
  readonly site: TestSite;
  readonly archive = new MemoryArchive();
  readonly fits = new Map<EventFit, number>();
  readonly #model = new Map<string, string>();
  readonly #states = new Map<string, StateDocument>();
  readonly #orders: { readonly gateId: string; readonly fromMs: number }[] = [];
  readonly #desks: SiteDesk[] = [];
  #desk: SiteDesk | undefined;
  retries = 0;

  private constructor(parts: {
    readonly random: RandomSource;
    readonly broker: Mosquitto;
    readonly gates: readonly GateUnderFault[];
    readonly site: TestSite;
  }) {
    this.random = parts.random;
    this.broker = parts.broker;
    this.gates = parts.gates;
    this.site = parts.site;
  }

  static async open(settings: FaultSettings): Promise<SiteUnderFault> {
    const { gates: count, seed, addresses = [], gateSurroundings = {}, commandFor } = settings;
    const folder = scratchFolder();
    const broker = await Mosquitto.start('harbour', addresses);
    await settings.prepare?.(broker);
    const { addressFor = (name: string) => broker.addressFor(name) } = settings;
    const site = await makeSite(clock, {
      gates: count,
      addressFor: (name) => addressFor(name, broker),
    });
    const gates = site.passports.map(
      (passport) =>
        new GateUnderFault(passport, folder, {
          ...gateSurroundings,
          ...(commandFor === undefined ? {} : { command: commandFor(passport.gateId) }),
        }),
    );
    const opened = new SiteUnderFault({ random: seededRandom(seed), broker, gates, site });
    await opened.#sitDown();
    return opened;
  }

  get desk(): SiteDesk {
    return this.#desk ?? assert.fail('nobody sits at the desk');
  }

  get people(): number {
    return this.#model.size;
  }

  /** One person enrolled, changed or deleted, and a head now and then; tried until the broker has it. */
  async change(): Promise<void> {
    const identityId = `p-${this.#draw(IDENTITIES)}`;
    const isDeletion = this.#model.has(identityId) && this.random() < 0.4;
    await this.insist(async () => {
      if (isDeletion) {
        await this.desk.publishTombstone(identityId);
        this.#model.delete(identityId);
      } else {
        // Another picture with every attempt, as a person at a desk might take.
        const attempt = this.#draw(1_000_000);
        await this.desk.publishRecord(person(identityId, attempt));
        this.#model.set(identityId, `${identityId}.${attempt}`);
      }
    });
    if (this.random() < 0.5) await this.insist(() => this.desk.publishHead());
  }

  /** Changes people one after another until told otherwise. @returns what ends it */
  changeOnAndOn(everyMs: number): () => Promise<number> {
    let isOver = false;
    let changes = 0;
    const work = (async () => {
      while (!isOver) {
        await this.change();
        changes += 1;
        await delay(this.random() * 2 * everyMs);
      }
    })();
    return async () => {
      isOver = true;
      await work;
      return changes;
    };
  }

  /** An order to open a door, whatever becomes of it. */
  async order(): Promise<void> {
    const { gateId } = this.gates[this.#draw(this.gates.length)] ?? assert.fail('no gates');
    const timing = { expiresInMs: ORDER_LIVES_MS, answerWithinMs: ORDER_LIVES_MS };
    this.#orders.push({ gateId, fromMs: Date.now() });
    try {
      await this.desk.sendCommand(gateId, { name: 'pulse' }, timing);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
    }
  }

  /** The broker has lost what it kept: fills it again. */
  async refillBroker(): Promise<void> {
    await this.insist(async () => {
      await this.desk.publishKeys(this.site.file);
      await this.desk.republish();
    });
  }

  /** Does it again for as long as the broker cannot be reached. */
  insist(work: () => Promise<unknown>): Promise<void> {
    return insistOn(work, async () => {
      this.retries += 1;
      await until('the desk is connected', () => this.desk.isConnected, CONNECTED_WITHIN_MS);
    });
  }

  /** Quiet gates, the newest head, everything delivered: then looks at everything. */
  async assertWhole(settings: Partial<GateProcessSettings> = {}): Promise<void> {
    for (const gate of this.gates) await gate.end('SIGTERM');
    this.#states.clear();
    await this.insist(() => this.desk.publishHead());
    for (const gate of this.gates) await gate.start(settings);
    for (const { gateId } of this.gates) await this.#whenSettled(gateId);
    for (const gate of this.gates) await gate.end('SIGTERM');
    for (const gate of this.gates) this.#assertWhole(gate);
    for (const fit of EVENT_LOSSES) assert.equal(this.fits.get(fit), undefined, `events: ${fit}`);
    this.assertDoors();
  }

  /** No order twice, none that nobody gave, none too late. */
  assertDoors(): void {
    const unused = [...this.#orders];
    for (const gate of this.gates) {
      const moves = gate.moves();
      assert.equal(new Set(moves.map(({ nonce }) => nonce)).size, moves.length, 'obeyed twice');
      for (const { order, atMs } of moves) {
        assert.equal(order, 'pulse');
        const given = unused.findIndex(
          ({ gateId, fromMs }) =>
            gateId === gate.gateId &&
            atMs >= fromMs &&
            atMs <= fromMs + ORDER_LIVES_MS + ORDER_SLACK_MS,
        );
        assert.ok(given >= 0, `${gate.gateId} moved at ${atMs} without an order that was in time`);
        unused.splice(given, 1);
      }
    }
  }

  /** What a gate last said of itself. */
  state(gateId: string): StateDocument | undefined {
    return this.#states.get(gateId);
  }

  get ordersGiven(): number {
    return this.#orders.length;
  }

  get doorMoves(): number {
    return this.gates.reduce((sum, gate) => sum + gate.moves().length, 0);
  }

  async close(): Promise<void> {
    for (const gate of this.gates) await gate.end('SIGKILL');
    await Promise.all(this.#desks.map((desk) => desk.close()));
    await this.broker.dispose();
  }

  #assertWhole(gate: GateUnderFault): void {
    const { templates, lastEvent } = gate.holdings();
    assert.deepEqual(templates, [...this.#model.values()].sort(), `${gate.gateId} holds the model`);
    assert.deepEqual(
      this.archive.numbersOf(gate.gateId),
      Array.from({ length: lastEvent }, (_, index) => index + 1),
      `every event of ${gate.gateId}, once`,
    );
  }

  /** However slow the machine is: as long as it gets further. */
  async #whenSettled(gateId: string): Promise<void> {
    const epoch = this.desk.book.head?.epoch;
    let reached = '';
    let progressAt = performance.now();
    for (;;) {
      const { roster, events } = this.#states.get(gateId) ?? {};
      const archived = this.archive.lastOf(gateId);
      const isCurrent = roster?.epoch === epoch && roster?.standing === 'current';
      if (isCurrent && events?.last === archived) return;
      const now = `epoch ${roster?.epoch} of ${epoch}, ${roster?.standing}, events ${archived} of ${events?.last}`;
      if (now !== reached) progressAt = performance.now();
      reached = now;
      if (performance.now() - progressAt > STUCK_AFTER_MS)
        assert.fail(`${gateId} is stuck: ${now}`);
      await delay(20);
    }
  }

  async #sitDown(): Promise<void> {
    const { administrator, auditor, file } = this.site;
    this.#desk = await this.#openDesk(administrator);
    await this.desk.followRoster(0);
    await this.desk.publishKeys(file);
    const keeper = await this.#openDesk(auditor);
    await keeper.followEvents(this.archive, {
      onEvent: (_event, fit) => void this.fits.set(fit, (this.fits.get(fit) ?? 0) + 1),
    });
  }

  async #openDesk(seat: SeatFile): Promise<SiteDesk> {
    const logger = new RecordingLogger();
    const desk = await SiteDesk.open({
      seat,
      book: new RosterBook(),
      clock,
      logger,
      openLink: mqttLinks({ broker: seat.broker, clock, logger, random: this.random }),
      listener: { onState: (state) => void this.#states.set(state.gateId, state) },
    });
    await until('the desk is connected', () => desk.isConnected);
    this.#desks.push(desk);
    return desk;
  }

  #draw(below: number): number {
    return Math.floor(this.random() * below);
  }
}
