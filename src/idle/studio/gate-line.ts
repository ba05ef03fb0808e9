import { connect, type Socket } from 'node:net';
import type { ArtTitle } from '../../domain/art.ts';
import { type FrameSize, frameBytes } from '../../domain/frame.ts';
import type { Cancel, Clock } from '../../domain/ports/clock.ts';
import type { Logger } from '../../domain/ports/logger.ts';
import type { RgbImage } from '../../numeric/sample-image.ts';
import { ArtLine } from '../link/art-line.ts';
import { type ArtOrder, type MessageToGate, readMessageToArt } from '../link/art-messages.ts';
import type { Packet } from '../link/packet-stream.ts';
import { fitFrame } from './picture-folder.ts';

export interface GateLineParts {
  readonly path: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined: the gate is not there, and nothing may be painted. */
  readonly onOrder: (order: ArtOrder | undefined) => void;
}

const ALIVE_EVERY_MS = 1_000;
const RETRY_MS = 2_000;

/** The art process's side: finds the gate, again and again, and tells it once a second that it lives. */
export class GateLine {
  readonly #parts: GateLineParts;
  readonly #cancelBeat: Cancel;
  #line: ArtLine | undefined;
  #cancelRetry: Cancel = () => undefined;
  #isClosed = false;
  #onFrame: ((frame: RgbImage | undefined) => void) | undefined;

  constructor(parts: GateLineParts) {
    this.#parts = parts;
    this.#cancelBeat = parts.clock.every(ALIVE_EVERY_MS, () => this.#send({ kind: 'alive' }));
    this.#dial();
  }

  /** The newest frame at that size; undefined when there is none to be had, or none may be shown. */
  async frame(longSidePx: number): Promise<RgbImage | undefined> {
    if (this.#line === undefined) return undefined;
    this.#onFrame?.(undefined);
    const frame = await new Promise<RgbImage | undefined>((resolve) => {
      this.#onFrame = resolve;
      this.#send({ kind: 'want-frame' });
    });
    return frame === undefined ? undefined : fitFrame(frame, longSidePx);
  }

  picture(title: ArtTitle, fadeMs: number, jpeg: Uint8Array): void {
    this.#send({ kind: 'picture', title, fadeMs }, jpeg);
  }

  nothing(): void {
    this.#send({ kind: 'nothing' });
  }

  stopped(serial: number): void {
    this.#send({ kind: 'stopped', serial });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelBeat();
    this.#cancelRetry();
    this.#line?.close();
  }

  #send(message: MessageToGate, body?: Uint8Array): void {
    this.#line?.send(message, body);
  }

  #dial(): void {
    const socket: Socket = connect(this.#parts.path);
    const line = new ArtLine(socket, {
      onPacket: (packet) => this.#hear(packet),
      onEnd: () => this.#hangUp(line),
    });
    socket.once('connect', () => {
      this.#line = line;
      this.#parts.logger.info({ event: 'art.gate-found' }, 'the gate is there');
      this.#send({ kind: 'alive' });
    });
  }

  #hangUp(line: ArtLine): void {
    if (this.#line === line) {
      this.#line = undefined;
      this.#answer(undefined);
      this.#parts.onOrder(undefined);
      this.#parts.logger.info({ event: 'art.gate-lost' }, 'the gate is gone');
    }
    if (this.#isClosed) return;
    this.#cancelRetry = this.#parts.clock.after(RETRY_MS, () => this.#dial());
  }

  #hear({ header, body }: Packet): void {
    const message = readMessageToArt(header);
    switch (message?.kind) {
      case 'order':
        this.#parts.onOrder(message);
        return;
      case 'frame':
        this.#answer(imageOf(message, body));
        return;
      case 'no-frame':
        this.#answer(undefined);
        return;
      case undefined:
        this.#parts.logger.warn({ event: 'art.misunderstood' }, 'the gate is another version');
        this.#line?.close();
        return;
    }
  }

  #answer(frame: RgbImage | undefined): void {
    this.#onFrame?.(frame);
    this.#onFrame = undefined;
  }
}

const imageOf = ({ widthPx, heightPx }: FrameSize, rgb: Uint8Array): RgbImage | undefined =>
  rgb.length === frameBytes({ widthPx, heightPx }) ? { rgb, widthPx, heightPx } : undefined;
