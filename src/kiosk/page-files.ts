import type { IncomingMessage, ServerResponse } from 'node:http';
import { PorticoError } from '../domain/errors.ts';
import { type HeldFile, holdFiles, type PageFileName } from '../web/held-files.ts';
import { safeHeaders } from '../web/safe-headers.ts';

/** Every file that is served, and nothing else. */
const PAGE_FILES: readonly PageFileName[] = [
  'index.html',
  'style.css',
  'challenge.css',
  'icon.svg',
  'main.js',
  'ambient.js',
  'connection.js',
  'describe.js',
  'fit-text.js',
  'language.js',
  'messages-en.js',
  'messages-zh-hans.js',
  'painting.js',
  'mirror.js',
];

/** The page, held in memory. */
export class PageFiles {
  readonly #files: ReadonlyMap<string, HeldFile>;

  private constructor(files: ReadonlyMap<string, HeldFile>) {
    this.#files = files;
  }

  /** @throws PORTICO_KIOSK_UNAVAILABLE if a file of the page is missing */
  static async load(folder: URL = new URL('./page/', import.meta.url)): Promise<PageFiles> {
    return new PageFiles(await holdFiles(folder, PAGE_FILES, missing));
  }

  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** Answers one request that the guard has let through. */
  serve(request: IncomingMessage, response: ServerResponse): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response, 405, 'Method Not Allowed');
      return;
    }
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const file = this.#files.get(path);
    if (file === undefined) {
      refuse(response, 404, 'Not Found');
      return;
    }
    response.writeHead(200, {
      // Older engines do not count a socket to the same host as 'self'; the guard has checked Host.
      ...safeHeaders({ connect: `'self' ws://${request.headers.host ?? ''}` }),
      'Content-Type': file.type,
      'Content-Length': file.body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }
}

const missing = (file: string, cause: unknown): PorticoError =>
  new PorticoError('PORTICO_KIOSK_UNAVAILABLE', {
    message: `the page's file ${file} cannot be read`,
    remedy: 'Install Portico again, or run `npm run build`.',
    cause,
  });

/** A short refusal that says nothing about the gate. */
export function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...safeHeaders({ connect: "'none'" }),
    'Content-Type': 'text/plain; charset=utf-8',
    Connection: 'close',
  });
  response.end(`${text}\n`);
}
