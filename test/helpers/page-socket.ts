import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import type { KioskHeader } from '../../src/kiosk/kiosk-message.ts';

export interface PageMessage {
  readonly header: KioskHeader;
  readonly jpeg: Buffer;
}

/** Stands in for the page: keeps what arrives, and answers when told, or always. */
export class PageSocket {
  readonly received: PageMessage[] = [];
  readonly socket: WebSocket;
  answersAlways = false;
  #waiting: (() => void) | undefined;
  #taken = 0;

  constructor(url: string, changes: ClientOptions = {}) {
    const address = new URL('/live', url);
    const origin = address.origin;
    address.protocol = 'ws:';
    this.socket = new WebSocket(address, { origin, ...changes });
    this.socket.on('message', (data: Buffer) => {
      const headerEnd = 4 + data.readUInt32LE(0);
      const header: KioskHeader = JSON.parse(data.toString('utf8', 4, headerEnd));
      const message = { header, jpeg: data.subarray(headerEnd) };
      this.received.push(message);
      if (this.answersAlways) this.acknowledge(message);
      this.#waiting?.();
    });
    this.socket.on('error', () => undefined);
  }

  /** The next message that was not taken yet. */
  async next(): Promise<PageMessage> {
    while (this.received.length <= this.#taken) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    this.#taken += 1;
    return this.received[this.#taken - 1]!;
  }

  acknowledge({ header }: PageMessage): void {
    this.socket.send(String(header.number));
  }

  async closed(): Promise<void> {
    if (this.socket.readyState !== WebSocket.CLOSED) await once(this.socket, 'close');
  }

  /** Everything the other side wrote before this call has arrived when it resolves. */
  async settled(): Promise<void> {
    this.socket.ping();
    await once(this.socket, 'pong');
  }
}
