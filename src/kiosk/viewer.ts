import type { WebSocket } from 'ws';
import type { MonotonicMs } from '../domain/units.ts';

/** An acknowledgement is the message's number in decimal digits. */
export const LARGEST_ACKNOWLEDGEMENT_BYTES = 16;
const ACKNOWLEDGEMENT = /^[1-9][0-9]{0,14}$/;

/**
 * One page that looks at the gate. At most one message is under way to it; whatever happens
 * meanwhile is folded into the next, so a page that is slow, or stands still, costs nothing.
 */
export class Viewer {
  readonly #socket: WebSocket;
  readonly #onAcknowledged: () => void;
  #lastNumber = 0;
  #lastSentAtMs: MonotonicMs | undefined;
  #isAwaiting = false;
  #revision = -1;
  #frame: number | undefined;
  #art: number | undefined;

  /** @param onAcknowledged the page is ready for the next message */
  constructor(socket: WebSocket, onAcknowledged: () => void) {
    this.#socket = socket;
    this.#onAcknowledged = onAcknowledged;
    socket.on('message', (data, isBinary) => {
      this.#acknowledge(isBinary ? '' : String(data));
    });
    // 'close' follows and is what the kiosk listens to.
    socket.on('error', () => socket.terminate());
  }

  get isReady(): boolean {
    return !this.#isAwaiting && this.#socket.readyState === this.#socket.OPEN;
  }

  get nextNumber(): number {
    return this.#lastNumber + 1;
  }

  /** What the page was last sent. */
  hasSeen(revision: number, frame: number | undefined): boolean {
    return this.#revision === revision && (frame === undefined || this.#frame === frame);
  }

  hasSeenFrame(frame: number | undefined): boolean {
    return frame === undefined || this.#frame === frame;
  }

  hasSeenArt(art: number | undefined): boolean {
    return art === undefined || this.#art === art;
  }

  /** Milliseconds since the last message was sent; Infinity before the first. */
  silentForMs(now: MonotonicMs): number {
    return this.#lastSentAtMs === undefined ? Number.POSITIVE_INFINITY : now - this.#lastSentAtMs;
  }

  /** Waits for an answer for longer than `limitMs`: asleep, hung, or not our page. */
  isOverdue(now: MonotonicMs, limitMs: number): boolean {
    return this.#isAwaiting && this.silentForMs(now) > limitMs;
  }

  send(
    message: Buffer,
    what: {
      readonly revision: number;
      readonly frame: number | undefined;
      readonly art?: number | undefined;
      readonly now: MonotonicMs;
    },
  ): void {
    this.#lastNumber += 1;
    this.#lastSentAtMs = what.now;
    this.#isAwaiting = true;
    this.#revision = what.revision;
    this.#frame = what.frame ?? this.#frame;
    this.#art = what.art ?? this.#art;
    // A failed write also ends in 'close'; the callback keeps ws from throwing it at the gate.
    this.#socket.send(message, { binary: true }, () => undefined);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #acknowledge(text: string): void {
    if (!ACKNOWLEDGEMENT.test(text) || Number(text) !== this.#lastNumber) {
      this.#socket.close(1008, 'unexpected message');
      return;
    }
    this.#isAwaiting = false;
    this.#onAcknowledged();
  }
}
