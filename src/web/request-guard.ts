import type { IncomingMessage } from 'node:http';

/** Addresses that only this machine can reach. */
export const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '::1'];

/**
 * Answers only requests that were addressed to this machine by a loopback name. A page elsewhere
 * whose name was made to resolve to 127.0.0.1 (DNS rebinding) still sends its own name as Host.
 */
export class RequestGuard {
  readonly #authorities: ReadonlySet<string>;

  constructor(port: number) {
    this.#authorities = new Set([`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]);
  }

  isForThisMachine(request: IncomingMessage): boolean {
    const host = request.headers.host;
    return host !== undefined && this.#authorities.has(host.toLowerCase());
  }

  /** A browser names the page that opens a socket; only our own page may, and nobody without a name. */
  isFromOwnPage(request: IncomingMessage): boolean {
    const { origin, host } = request.headers;
    return (
      this.isForThisMachine(request) && origin !== undefined && origin === `http://${host ?? ''}`
    );
  }
}
