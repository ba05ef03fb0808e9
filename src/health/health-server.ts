import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PorticoError } from '../domain/errors.ts';
import type { StatusReport } from './status-report.ts';

export interface HealthServerOptions {
  /** '127.0.0.1' or '::1'. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly metrics: { readonly contentType: string; render(): Promise<string> };
  readonly report: () => StatusReport;
}

export interface HealthServer {
  readonly url: string;
  /** Idempotent. */
  close(): Promise<void>;
}

/** A browser page elsewhere that guesses this address must not read it under another name. */
const OWN_NAMES = /^(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?$/;

/**
 * Serves `/metrics` for Prometheus, `/status` for `portico status` and `/healthz` (200 or 503) on a
 * loopback address. Reads only.
 * @throws PORTICO_HEALTH_UNAVAILABLE when the port is taken
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 });
  server.maxConnections = 16;
  server.on('request', (request, response) => void answer(options, request, response));
  const port = await listen(server, options);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(
  { metrics, report }: HealthServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const send = (status: number, type: string, body: string): void => {
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(body);
  };
  if (!OWN_NAMES.test(request.headers.host ?? '')) return send(421, 'text/plain', 'not here\n');
  if (request.method !== 'GET') return send(405, 'text/plain', 'read only\n');
  switch (request.url ?? '/') {
    case '/metrics':
      return send(200, metrics.contentType, await metrics.render());
    case '/status':
      return send(200, 'application/json', JSON.stringify(report()));
    case '/healthz': {
      const { condition } = report();
      return send(condition === 'stalled' ? 503 : 200, 'text/plain', `${condition}\n`);
    }
    default:
      return send(404, 'text/plain', '/metrics, /status or /healthz\n');
  }
}

function listen(server: Server, { host, port }: HealthServerOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new PorticoError('PORTICO_HEALTH_UNAVAILABLE', {
          message: `metrics and status cannot be served on ${host} port ${port}: ${cause.message}`,
          remedy: 'Choose another health.port, or stop the program that listens there.',
          cause,
          context: { host, port },
        }),
      );
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
