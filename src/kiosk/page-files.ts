import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { PorticoError } from '../domain/errors.ts';

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';
const IMAGE = 'image/svg+xml';

/** Every path that is served, and nothing else: a request never touches the file system. */
export const PAGE_FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', HTML],
  '/style.css': ['style.css', CSS],
  '/challenge.css': ['challenge.css', CSS],
  '/icon.svg': ['icon.svg', IMAGE],
  '/main.js': ['main.js', SCRIPT],
  '/ambient.js': ['ambient.js', SCRIPT],
  '/connection.js': ['connection.js', SCRIPT],
  '/describe.js': ['describe.js', SCRIPT],
  '/fit-text.js': ['fit-text.js', SCRIPT],
  '/language.js': ['language.js', SCRIPT],
  '/messages-en.js': ['messages-en.js', SCRIPT],
  '/messages-zh-hans.js': ['messages-zh-hans.js', SCRIPT],
  '/painting.js': ['painting.js', SCRIPT],
  '/mirror.js': ['mirror.js', SCRIPT],
};

interface PageFile {
  readonly body: Buffer;
  readonly type: string;
}

/** The page, held in memory. */
export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>;

  private constructor(files: ReadonlyMap<string, PageFile>) {
    this.#files = files;
  }

  /** @throws PORTICO_KIOSK_UNAVAILABLE if a file of the page is missing */
  static async load(folder: URL = new URL('./page/', import.meta.url)): Promise<PageFiles> {
    const entries = Object.entries(PAGE_FILES).map(
      async ([path, [file, type]]): Promise<[string, PageFile]> => {
        try {
          return [path, { body: await readFile(new URL(file, folder)), type }];
        } catch (cause) {
          throw new PorticoError('PORTICO_KIOSK_UNAVAILABLE', {
            message: `the page's file ${file} cannot be read`,
            remedy: 'Install Portico again, or run `npm run build`.',
            cause,
          });
        }
      },
    );
    return new PageFiles(new Map(await Promise.all(entries)));
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
      ...SAFE_HEADERS,
      // Older engines do not count a socket to the same host as 'self'; the guard has checked Host.
      'Content-Security-Policy': `${POLICY}; connect-src 'self' ws://${request.headers.host ?? ''}`,
      'Content-Type': file.type,
      'Content-Length': file.body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : file.body);
  }
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const SAFE_HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
} as const;

/** A short refusal that says nothing about the gate. */
export function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...SAFE_HEADERS,
    'Content-Security-Policy': POLICY,
    'Content-Type': 'text/plain; charset=utf-8',
    Connection: 'close',
  });
  response.end(`${text}\n`);
}
