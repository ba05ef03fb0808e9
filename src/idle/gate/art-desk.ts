import type { Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { ArtControl, ArtPicture, ArtSettings, ArtTitle } from '../../domain/art.ts';
import type { FrameSize } from '../../domain/frame.ts';
import type { Observation } from '../../domain/observation.ts';
import type { Cancel, Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { MonotonicMs } from '../../domain/units.ts';
import { ArtLine } from '../link/art-line.ts';
import { type ArtOrder, type PictureMessage, readMessageToGate } from '../link/art-messages.ts';
import type { Packet } from '../link/packet-stream.ts';
import { type DayHours, isWithin } from './day-hours.ts';
import { type CopyNewest, FrameRelease, type FrameRule } from './frame-release.ts';

export interface ArtDeskParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly frameRule: FrameRule;
  readonly frames: { readonly size: FrameSize; readonly copyNewest: CopyNewest };
  readonly settings: ArtSettings;
  readonly onSettings?: (settings: ArtSettings) => void;
  /** When there is art at all. */
  readonly hours: DayHours;
  /** When the wall is dimmed, and to which part of its brightness. */
  readonly night: DayHours & { readonly brightness: number };
  /** Quiet after the last face before painting goes on. */
  readonly resumeAfterMs: number;
  /** Since 00:00 on the site's clock; undefined where that is not known. */
  readonly minuteOfDay: () => number | undefined;
  /** Somebody's screen shows the page. */
  readonly isWatched: () => boolean;
  readonly probe?: ArtProbe | undefined;
}

/** For whoever measures it. */
export interface ArtProbe {
  /** Nothing is painted any more, so long after somebody was seen. */
  onStopped(afterMs: number): void;
  /** A picture has come. */
  onPicture(): void;
  /** Once, before anything else. */
  onControl?(control: ArtControl): void;
}

const TICK_MS = 500;
/** The art process says every second that it lives. */
const SILENCE_MS = 5_000;
/** More than this within a tick is no painter: the gate's main thread has better things to do. */
const PACKETS_PER_TICK = 100;
const BYTES_PER_TICK = 8 * 1_048_576;

/**
 * The gate's side of the art: says when may be painted, gives out frames as privacy allows, and keeps the
 * newest picture for the page. Nothing here waits for the art process: one that hangs or dies
 * leaves the page with its plain idle picture, and that is all.
 */
export class ArtDesk implements ArtControl {
  readonly #parts: ArtDeskParts;
  readonly #frames: FrameRelease;
  readonly #listeners = new Set<(title: ArtTitle | undefined) => void>();
  readonly #cancelTick: Cancel;
  #settings: ArtSettings;
  #line: ArtLine | undefined;
  #heardAtMs: MonotonicMs;
  #occupiedAtMs: number;
  #order: ArtOrder;
  #stopAskedAtMs: MonotonicMs | undefined;
  #sequence = 0;
  /** Since the last tick. */
  #received = { packets: 0, bytes: 0 };
  #picture: ArtPicture | undefined;

  constructor(parts: ArtDeskParts) {
    const { clock, frameRule, frames, settings } = parts;
    this.#parts = parts;
    this.#settings = settings;
    this.#frames = new FrameRelease({ rule: frameRule, ...frames });
    // Until vision has spoken, somebody may stand there.
    this.#occupiedAtMs = clock.now();
    this.#heardAtMs = clock.now();
    this.#order = { kind: 'order', serial: 0, mayPaint: false, ...wishesOf(settings) };
    this.#cancelTick = clock.every(TICK_MS, () => this.#tick());
    parts.probe?.onControl?.(this);
  }

  get settings(): ArtSettings {
    return this.#settings;
  }

  get title(): ArtTitle | undefined {
    return this.#picture?.title;
  }

  /** For the page. */
  get picture(): ArtPicture | undefined {
    return this.#picture;
  }

  /** For the page: 1 by day. */
  get brightness(): number {
    const { night, minuteOfDay } = this.#parts;
    const minute = minuteOfDay();
    return minute !== undefined && isWithin(night, minute) ? night.brightness : 1;
  }

  change(changes: Partial<ArtSettings>): void {
    this.#settings = { ...this.#settings, ...changes };
    this.#parts.onSettings?.(this.#settings);
    this.#review();
  }

  onTitle(listener: (title: ArtTitle | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** An art process has come. One at a time: a second finds the place taken. */
  meet(socket: Socket): void {
    if (this.#line !== undefined) {
      socket.destroy();
      return;
    }
    this.#heardAtMs = this.#parts.clock.now();
    const line = new ArtLine(socket, {
      onPacket: (packet) => this.#hear(packet),
      onEnd: () => this.#part(line),
    });
    this.#line = line;
    this.#parts.logger.info({ event: 'art.connected' }, 'the art process is there');
    line.send(this.#order);
  }

  /** @param isIdle  nothing is being said to anybody */
  observe(observation: Observation | undefined, isIdle: boolean): void {
    const isEmpty = isIdle && observation?.faceCount === 0;
    if (!isEmpty) this.#occupiedAtMs = this.#parts.clock.now();
    this.#frames.observe(observation);
    this.#review();
  }

  /** Idempotent. */
  close(): void {
    this.#cancelTick();
    this.#line?.close();
  }

  #tick(): void {
    const { clock, logger } = this.#parts;
    if (this.#line !== undefined && clock.now() - this.#heardAtMs > SILENCE_MS) {
      logger.warn({ event: 'art.silent' }, 'the art process says nothing and was disconnected');
      this.#line.close();
    }
    this.#received = { packets: 0, bytes: 0 };
    this.#review();
  }

  #hear({ header, body }: Packet): void {
    const { packets, bytes } = this.#received;
    this.#received = { packets: packets + 1, bytes: bytes + body.length };
    if (packets >= PACKETS_PER_TICK || bytes >= BYTES_PER_TICK) {
      this.#parts.logger.warn({ event: 'art.flood' }, 'the art process sends too much');
      this.#line?.close();
      return;
    }
    const message = readMessageToGate(header);
    if (message === undefined) {
      this.#parts.logger.warn({ event: 'art.misunderstood' }, 'the art process is another version');
      this.#line?.close();
      return;
    }
    this.#heardAtMs = this.#parts.clock.now();
    switch (message.kind) {
      case 'alive':
        return;
      case 'stopped':
        this.#noteStopped(message.serial);
        return;
      case 'want-frame':
        this.#giveFrame();
        return;
      case 'picture':
        this.#hang(message, body);
        return;
      case 'nothing':
        this.#show(undefined);
        return;
    }
  }

  #giveFrame(): void {
    const line = this.#line;
    const refuse = (): void => line?.send({ kind: 'no-frame' });
    if (!this.#order.mayPaint) refuse();
    else {
      this.#frames.request(({ widthPx, heightPx }, rgb, onWritten) => {
        line?.send({ kind: 'frame', widthPx, heightPx }, rgb, onWritten);
      }, refuse);
    }
  }

  /** A picture that was on its way when painting was switched off is not wanted any more. */
  #hang({ title, fadeMs }: PictureMessage, jpeg: Uint8Array): void {
    this.#parts.probe?.onPicture();
    if (!this.#isWanted()) return;
    this.#sequence += 1;
    const { subject, ...rest } = title;
    const named: ArtTitle = subject === undefined ? rest : { ...rest, subject };
    this.#show({ sequence: this.#sequence, jpeg, title: named, fadeMs });
  }

  #show(picture: ArtPicture | undefined): void {
    const before = this.#picture?.title;
    this.#picture = picture;
    if (isDeepStrictEqual(before, picture?.title)) return;
    for (const listener of this.#listeners) listener(picture?.title);
  }

  #noteStopped(serial: number): void {
    if (serial !== this.#order.serial || this.#stopAskedAtMs === undefined) return;
    this.#parts.probe?.onStopped(this.#parts.clock.now() - this.#stopAskedAtMs);
    this.#stopAskedAtMs = undefined;
  }

  #isWanted(): boolean {
    const { hours, minuteOfDay } = this.#parts;
    const minute = minuteOfDay();
    return this.#settings.isOn && (minute === undefined || isWithin(hours, minute));
  }

  /** Says so when what may be done has changed. */
  #review(): void {
    const { clock, resumeAfterMs, isWatched } = this.#parts;
    const isWanted = this.#isWanted();
    if (!isWanted) this.#show(undefined);
    const isQuiet = clock.now() - this.#occupiedAtMs >= resumeAfterMs;
    const mayPaint = isWanted && isQuiet && isWatched();
    const last = this.#order;
    const next = { ...last, mayPaint, ...wishesOf(this.#settings) };
    if (isDeepStrictEqual(last, next)) return;
    if (last.mayPaint && !mayPaint && this.#line !== undefined) this.#stopAskedAtMs = clock.now();
    this.#order = { ...next, serial: last.serial + 1 };
    this.#line?.send(this.#order);
  }

  #part(line: ArtLine): void {
    if (this.#line !== line) return;
    this.#line = undefined;
    this.#stopAskedAtMs = undefined;
    this.#frames.forget();
    this.#show(undefined);
    this.#parts.logger.info({ event: 'art.gone' }, 'the art process is gone');
  }
}

type Wishes = Pick<ArtOrder, 'manner' | 'style' | 'intervalS'>;

const wishesOf = ({ manner, style, intervalS }: ArtSettings): Wishes => ({
  manner,
  style,
  intervalS,
});
