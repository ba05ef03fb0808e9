import type { ArtControl } from '../domain/art.ts';
import type { GateEvent } from '../domain/events.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type {
  BrokerLink,
  IncomingMessage,
  OpenBrokerLink,
  OutgoingMessage,
} from '../messaging/broker/broker-link.ts';
import { artWish } from './art-commands.ts';
import type { CodeGuard } from './code-guard.ts';
import { type CommandRefusal, DoorCommands } from './door-commands.ts';
import { homeDiscovery } from './home-discovery.ts';
import { homeEvent } from './home-event.ts';
import type { HomeDoor, HomeGate } from './home-gate.ts';
import { homeState } from './home-state.ts';
import { deviceIdOf, type HomeTopics, homeTopics } from './home-topics.ts';

export interface HomeAssistantParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly openLink: OpenBrokerLink;
  readonly gate: HomeGate;
  readonly gateId: string;
  readonly name: string;
  readonly version: string;
  readonly discoveryPrefix: string;
  /** Absent: nothing can be opened from there. */
  readonly guard: CodeGuard | undefined;
  readonly hasContact: boolean;
  readonly art: { readonly control: ArtControl; readonly styles: readonly string[] } | undefined;
  /** `isUp` false: for so long that somebody should know. */
  readonly onConnection: (isUp: boolean, detail: string) => void;
}

const KEEPALIVE_SECONDS = 15;
const WILL_DELAY_SECONDS = 5;
const EVENT_EXPIRY_SECONDS = 60;
/** After the last face; a person who turns away for a moment has not left. */
const PRESENCE_HOLD_MS = 10_000;
/** A suspected attack shows for so long. */
const TAMPER_HOLD_MS = 60_000;
const LOOK_EVERY_MS = 5_000;
/** Many devices answer a birth message at once. */
const BIRTH_SPREAD_MS = 2_000;
/** A broker that restarts is no news. */
const DOWN_FOR_MS = 60_000;
const GOOD_BYE_MS = 1_000;
/** Commands that are heard within a minute; locking is heard always. */
const COMMANDS_A_MINUTE = 30;

/**
 * A gate as a device of Home Assistant: discovery, state and events out, commands in, over a broker of the
 * operator's choice. It sees the gate through a port and is no part of what lets people in: without it,
 * or with its broker away, the door works as ever.
 */
export class HomeAssistant {
  readonly #parts: HomeAssistantParts;
  readonly #topics: HomeTopics;
  readonly #commands: DoorCommands;
  readonly #refusals = new Map<CommandRefusal | 'flooded', number>();
  readonly #link: BrokerLink;
  readonly #endArt: () => void;
  #isUp = false;
  #door: HomeDoor | undefined;
  #person: string | undefined;
  #isSomebodyThere = false;
  #isTampered = false;
  #said: string | undefined;
  #isSaying = false;
  #heard = { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };
  readonly #cancelLook: Cancel;
  #cancelPresence: Cancel = () => undefined;
  #cancelTamper: Cancel = () => undefined;
  #cancelBirth: Cancel = () => undefined;
  #cancelDown: Cancel;
  #closing: Promise<void> | undefined;

  constructor(parts: HomeAssistantParts) {
    this.#parts = parts;
    const { clock, logger, gate, guard, art, gateId } = parts;
    this.#topics = homeTopics(gateId, parts.discoveryPrefix);
    this.#commands = new DoorCommands({
      clock,
      logger,
      gate,
      guard,
      door: () => this.#door,
      onRefused: (because, about) => this.#refused(because, about),
    });
    this.#endArt = art?.control.onTitle(() => this.#say()) ?? (() => undefined);
    // Some of it changes without a word to us: faults that began elsewhere, settings of the art.
    this.#cancelLook = clock.every(LOOK_EVERY_MS, () => this.#say());
    this.#cancelDown = this.#whenDownForLong('not connected since the start');
    this.#link = parts.openLink(
      {
        clientId: `${deviceIdOf(gateId)}-home`,
        // Nothing waits for us at the broker: a command that nobody heard is forgotten.
        sessionExpirySeconds: 0,
        keepaliveSeconds: KEEPALIVE_SECONDS,
        will: { ...this.#availability('offline'), delaySeconds: WILL_DELAY_SECONDS },
      },
      {
        onUp: () => this.#up(),
        onDown: (detail) => this.#down(detail),
        onMessage: (message) => this.#receive(message),
      },
    );
  }

  noteDoor(door: HomeDoor): void {
    this.#door = door;
    this.#say();
  }

  /** So many faces are before the camera. */
  noteFaces(count: number): void {
    if (count === 0) return;
    this.#cancelPresence();
    this.#cancelPresence = this.#parts.clock.after(PRESENCE_HOLD_MS, () => {
      this.#isSomebodyThere = false;
      this.#say();
    });
    if (this.#isSomebodyThere) return;
    this.#isSomebodyThere = true;
    this.#say();
  }

  /** Not kept for a broker that is away: the gate's own numbered events are the record. */
  noteEvent(event: GateEvent): void {
    const news = homeEvent(event);
    if (event.type === 'access.granted') this.#person = event.identityId;
    if (news?.event_type === 'attack-suspected') this.#suspect();
    if (news !== undefined && this.#isUp) {
      this.#publish({
        topic: this.#topics.event,
        payload: JSON.stringify(news),
        isRetained: false,
        expirySeconds: EVENT_EXPIRY_SECONDS,
      });
    }
    this.#say();
  }

  /** Messages not obeyed, by reason. */
  refusals(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#refusals);
  }

  /** Says good-bye. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#endArt();
    for (const cancel of [
      this.#cancelLook,
      this.#cancelPresence,
      this.#cancelTamper,
      this.#cancelBirth,
      this.#cancelDown,
    ]) {
      cancel();
    }
    if (this.#isUp) await this.#sayGoodBye();
    this.#isUp = false;
    await this.#link.close();
  }

  /** Not for long on a dead line: the will says the same. */
  #sayGoodBye(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(GOOD_BYE_MS, resolve);
      const done = (): void => {
        cancel();
        resolve();
      };
      this.#link.publish(this.#availability('offline')).then(done, done);
    });
  }

  #up(): void {
    this.#isUp = true;
    this.#cancelDown();
    this.#parts.logger.info({ event: 'home.connected' }, 'connected for Home Assistant');
    this.#parts.onConnection(true, 'connected');
    void this.#subscribe();
  }

  #down(detail: string): void {
    if (this.#isUp) {
      this.#parts.logger.warn({ event: 'home.disconnected', detail }, 'Home Assistant is away');
      this.#cancelDown = this.#whenDownForLong(detail);
    }
    this.#isUp = false;
    this.#cancelBirth();
  }

  #whenDownForLong(detail: string): Cancel {
    return this.#parts.clock.after(DOWN_FOR_MS, () => this.#parts.onConnection(false, detail));
  }

  async #subscribe(): Promise<void> {
    const { birth, door, lockDown, artPower, artStyle, artInterval } = this.#topics;
    const art = this.#parts.art === undefined ? [] : [artPower, artStyle, artInterval];
    const commands = [lockDown, ...(this.#parts.guard === undefined ? [] : [door]), ...art];
    try {
      await this.#link.subscribe([
        { filter: birth, wantsRetained: false },
        ...commands.map((filter) => ({ filter, wantsRetained: false })),
      ]);
      // Nobody is told that we are there before we can hear.
      this.#introduce();
    } catch (error) {
      this.#parts.logger.warn({ event: 'home.subscribe-failed', error }, 'could not subscribe');
    }
  }

  /** Who we are, that we are there, and how things stand: to a broker or a Home Assistant that is new. */
  #introduce(): void {
    const { gateId, name, version, guard, hasContact, art } = this.#parts;
    const discovery = homeDiscovery({
      gateId,
      name,
      version,
      topics: this.#topics,
      mayOpen: guard !== undefined,
      hasContact,
      styles: art?.styles,
    });
    // Not retained: a gate that is taken away would stay a device there for ever.
    this.#publish({
      topic: this.#topics.discovery,
      payload: JSON.stringify(discovery),
      isRetained: false,
    });
    this.#publish(this.#availability('online'));
    this.#said = undefined;
    this.#say();
  }

  async #receive(message: IncomingMessage): Promise<void> {
    const { birth, lockDown, door } = this.#topics;
    if (message.topic === birth) {
      this.#born(message);
      return;
    }
    if (message.topic === lockDown) {
      await this.#commands.takeLockDown(message);
      return;
    }
    if (this.#isFlooded()) {
      this.#refused('flooded', message.topic);
      return;
    }
    if (message.topic === door) await this.#commands.takeDoor(message);
    else this.#takeArt(message);
  }

  #born({ payload }: IncomingMessage): void {
    if (Buffer.from(payload).toString('utf8') !== 'online') return;
    const { clock, random } = this.#parts;
    this.#cancelBirth();
    this.#cancelBirth = clock.after(random() * BIRTH_SPREAD_MS, () => this.#introduce());
  }

  #takeArt(message: IncomingMessage): void {
    const { art } = this.#parts;
    if (art === undefined) return;
    const wish = artWish(message, this.#topics, art.styles);
    if (wish === undefined) this.#refused(message.isRetained ? 'retained' : 'malformed', 'art');
    else {
      art.control.change(wish);
      this.#say();
    }
  }

  #isFlooded(): boolean {
    const now = this.#parts.clock.now();
    if (now - this.#heard.sinceMs >= 60_000) this.#heard = { sinceMs: now, count: 0 };
    this.#heard.count += 1;
    return this.#heard.count > COMMANDS_A_MINUTE;
  }

  /** Logs the 1st, 10th, 100th ... of a reason, so that a flood floods no log. */
  #refused(because: CommandRefusal | 'flooded', about: string): void {
    const count = (this.#refusals.get(because) ?? 0) + 1;
    this.#refusals.set(because, count);
    if (!Number.isInteger(Math.log10(count))) return;
    const fields = { event: 'home.command-refused', because, about, count };
    this.#parts.logger.warn(fields, 'a command of Home Assistant was not obeyed');
  }

  #suspect(): void {
    this.#isTampered = true;
    this.#cancelTamper();
    this.#cancelTamper = this.#parts.clock.after(TAMPER_HOLD_MS, () => {
      this.#isTampered = false;
      this.#say();
    });
  }

  /** Publishes how things stand if that has changed; one at a time, the newest wins. */
  #say(): void {
    if (!this.#isUp || this.#isSaying) return;
    const payload = this.#statePayload();
    if (payload === this.#said) return;
    this.#said = payload;
    this.#isSaying = true;
    this.#link
      .publish({ topic: this.#topics.state, payload, isRetained: true })
      .catch((error: unknown) => this.#unpublished(this.#topics.state, error))
      .finally(() => {
        this.#isSaying = false;
        this.#say();
      });
  }

  #statePayload(): string {
    const { gate, art } = this.#parts;
    return JSON.stringify(
      homeState({
        door: this.#door,
        isTampered: this.#isTampered,
        isSomebodyThere: this.#isSomebodyThere,
        faults: gate.faultCodes(),
        person: this.#person,
        art: art && { settings: art.control.settings, title: art.control.title },
      }),
    );
  }

  #availability(word: 'online' | 'offline'): OutgoingMessage {
    return { topic: this.#topics.availability, payload: word, isRetained: true };
  }

  #publish(message: OutgoingMessage): void {
    this.#link.publish(message).catch((error: unknown) => this.#unpublished(message.topic, error));
  }

  /** What lasts is said again with the next connection. */
  #unpublished(topic: string, error: unknown): void {
    this.#parts.logger.warn({ event: 'home.publish-failed', topic, error }, 'not published');
  }
}
