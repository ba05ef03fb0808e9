import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PorticoError } from '../domain/errors.ts';
import type { HeldFile } from '../web/held-files.ts';
import { LOOPBACK_HOSTS } from '../web/request-guard.ts';
import { safeHeaders } from '../web/safe-headers.ts';
import { ConsoleAdmission } from './admission.ts';
import { loadConsoleFiles } from './console-files.ts';
import { type ConsoleParts, ConsoleRoom } from './console-room.ts';
import { type Answer, NOT_FOUND } from './exchange.ts';
import { RouteTable } from './routes/route-table.ts';

export interface ConsoleOptions extends ConsoleParts {
  /** '127.0.0.1' or '::1': the console holds an administrator's keys. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export const CONSOLE_DEFAULTS = { host: '127.0.0.1', port: 8790 } as const;

/** The administrator's page, live. */
export interface Console {
  /** Lets one browser in, once. */
  readonly invitation: string;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens the desk and serves the administrator's page on a loopback address.
 * @throws PORTICO_CONSOLE_UNAVAILABLE if the address is not loopback, the port is taken, or the page is incomplete
 * @throws what `openDesk` throws
 */
export async function startConsole(options: ConsoleOptions): Promise<Console> {
  const { host, port } = options;
  if (!LOOPBACK_HOSTS.includes(host)) {
    throw unavailable(host, port, "it is for this computer's own browser");
  }
  const files = await loadConsoleFiles();
  const server = createServer({
    headersTimeout: 5_000,
    requestTimeout: 60_000,
    maxHeaderSize: 8_192,
  });
  server.maxConnections = 64;
  const taken = await listen(server, options);
  try {
    return new ConsoleServer(await ConsoleRoom.open(options), { server, host, port: taken, files });
  } catch (error) {
    server.close();
    throw error;
  }
}

interface Opened {
  readonly server: Server;
  readonly host: string;
  readonly port: number;
  readonly files: ReadonlyMap<string, HeldFile>;
}

class ConsoleServer implements Console {
  readonly #room: ConsoleRoom;
  readonly #opened: Opened;
  readonly #admission: ConsoleAdmission;
  readonly #routes: RouteTable;
  #closing: Promise<void> | undefined;

  constructor(room: ConsoleRoom, opened: Opened) {
    this.#room = room;
    this.#opened = opened;
    this.#admission = new ConsoleAdmission(opened.port);
    this.#routes = new RouteTable(room);
    opened.server.on('request', (request, response) => void this.#serve(request, response));
    const { logger } = room.parts;
    opened.server.on('error', (cause) => {
      logger.error({ event: 'console.server-failed', cause: String(cause) }, 'page lost');
    });
  }

  get invitation(): string {
    const { host, port } = this.#opened;
    const name = host.includes(':') ? `[${host}]` : host;
    return `http://${name}:${port}/${this.#admission.invitation}`;
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    const { server } = this.#opened;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await this.#room.close();
    server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    switch (this.#admission.check(request)) {
      case 'misdirected':
        return sendText(response, 421, 'Misdirected Request');
      case 'cross-site':
        return sendText(response, 403, 'Forbidden');
      case 'unknown':
        return sendText(response, 401, UNKNOWN_BROWSER);
      case 'invited':
        response.writeHead(303, {
          ...SAFE_HEADERS,
          Location: '/',
          'Set-Cookie': this.#admission.cookie,
        });
        response.end();
        return;
      case 'admitted':
        return this.#answer(request, response);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const [path = '/', query] = url.split('?', 2);
    const file = this.#opened.files.get(path);
    if (file !== undefined && method === 'GET') {
      response.writeHead(200, { ...SAFE_HEADERS, 'Content-Type': file.type });
      response.end(file.body);
      return;
    }
    const answer = await this.#ask(request, response, path, new URLSearchParams(query));
    if (answer === 'answered') return;
    response.writeHead(answer.status, {
      ...SAFE_HEADERS,
      'Content-Type': 'application/json; charset=utf-8',
      // What was not read of a body that is too large is not waited for.
      ...(request.complete ? {} : { Connection: 'close' }),
    });
    response.end(JSON.stringify(answer.body));
  }

  async #ask(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<Answer | 'answered'> {
    const found = this.#routes.find(request.method ?? 'GET', path);
    if (found === undefined) return NOT_FOUND;
    const { route, parts } = found;
    try {
      return await route({ request, response, parts, query });
    } catch (error) {
      if (error instanceof PorticoError) {
        const { code, message, remedy } = error;
        return { status: 502, body: { code, message, remedy } };
      }
      const fields = { event: 'console.request-failed', path, error };
      this.#room.parts.logger.error(fields, 'a request failed');
      return { status: 500, body: { code: 'unexpected' } };
    }
  }
}

const SAFE_HEADERS = safeHeaders({ images: 'blob:', camera: true });

const UNKNOWN_BROWSER =
  'This console belongs to another browser. Start `portico console` again, and open its link.';

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    ...SAFE_HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    Connection: 'close',
  });
  response.end(`${text}\n`);
}

function listen(server: Server, { host, port }: ConsoleOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(unavailable(host, port, cause.message, cause)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

const unavailable = (host: string, port: number, why: string, cause?: unknown): PorticoError =>
  new PorticoError('PORTICO_CONSOLE_UNAVAILABLE', {
    message: `the console cannot be served on ${host} port ${port}: ${why}`,
    remedy: 'Stop the other program, or choose another port with --port.',
    cause,
    context: { host, port },
  });
