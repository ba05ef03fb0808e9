import type { ServerResponse } from 'node:http';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { ConsoleNews } from './console-news.ts';

const BEAT_MS = 5_000;
const LISTENERS_MAX = 8;
/** A page that takes nothing is let go before its unsent news fill the memory. */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;

/** Tells every open page what changes, as server-sent events. */
export class LiveFeed {
  readonly #pages = new Set<ServerResponse>();
  readonly #cancelBeat: Cancel;

  constructor(clock: Clock) {
    this.#cancelBeat = clock.every(BEAT_MS, () => this.#send(lineOf({ kind: 'beat' })));
  }

  /** @param first  what the page must know before anything else @returns false: too many pages */
  admit(response: ServerResponse, first: ConsoleNews): boolean {
    if (this.#pages.size >= LISTENERS_MAX) return false;
    response.on('close', () => this.#pages.delete(response));
    response.on('error', () => this.#pages.delete(response));
    response.write(lineOf(first));
    this.#pages.add(response);
    return true;
  }

  tell(news: ConsoleNews): void {
    if (this.#pages.size > 0) this.#send(lineOf(news));
  }

  close(): void {
    this.#cancelBeat();
    for (const page of this.#pages) page.end();
    this.#pages.clear();
  }

  #send(line: string): void {
    for (const page of this.#pages) {
      if (page.writableLength > UNSENT_BYTES_MAX) page.destroy();
      else page.write(line);
    }
  }
}

const lineOf = (news: ConsoleNews): string => `data: ${JSON.stringify(news)}\n\n`;
