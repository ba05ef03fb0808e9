import { WebSocket } from 'ws';
import { systemClock as clock } from '../../device/clock/system-clock.ts';

/** A page at the rate of a camera. */
const SHOWN_FOR_MS = 66;
const SCRAPED_EVERY_MS = 15_000;

/** Watches a gate as its wall and its operator do: the page's live socket, and the metrics. Keeps nothing. */
export class PageViewer {
  readonly #socket: WebSocket;
  readonly #cancel: () => void;
  /** Messages that were shown. */
  shown = 0;
  scrapes = 0;

  constructor(pageUrl: string, healthUrl: string) {
    const address = new URL('/live', pageUrl);
    const { origin } = address;
    address.protocol = 'ws:';
    this.#socket = new WebSocket(address, { origin });
    this.#socket.on('message', (data: Buffer) => {
      const header = JSON.parse(data.toString('utf8', 4, 4 + data.readUInt32LE(0)));
      clock.after(SHOWN_FOR_MS, () => {
        if (this.#socket.readyState !== WebSocket.OPEN) return;
        this.shown += 1;
        this.#socket.send(String(header.number));
      });
    });
    // A gate that ended is seen by whoever started it.
    this.#socket.on('error', () => undefined);
    this.#cancel = clock.every(SCRAPED_EVERY_MS, () => void this.#scrape(healthUrl));
  }

  close(): void {
    this.#cancel();
    this.#socket.terminate();
  }

  async #scrape(healthUrl: string): Promise<void> {
    for (const path of ['/metrics', '/status']) {
      const answer = await fetch(new URL(path, healthUrl)).catch(() => undefined);
      if (answer?.ok !== true) return;
      await answer.text();
    }
    this.scrapes += 1;
  }
}
