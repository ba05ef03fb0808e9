import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RequestGuard } from '../web/request-guard.ts';

/** Our page sends it with every change; a foreign page cannot without asking first, which is never allowed. */
const OWN_HEADER = 'x-portico-console';

export type Admission =
  | 'admitted'
  /** The link from the terminal, used for the first time: the browser gets the session. */
  | 'invited'
  | 'misdirected'
  | 'unknown'
  | 'cross-site';

/**
 * Who may talk to the console. The link that the terminal shows works once; the browser that used it
 * holds the session from then on. Another page in the same browser, on whatever port, may not ask for
 * changes: it can send neither our origin nor our header.
 */
export class ConsoleAdmission {
  readonly #guard: RequestGuard;
  readonly #cookieName: string;
  readonly #session = randomBytes(32).toString('base64url');
  #invitation: string | undefined = randomBytes(32).toString('base64url');

  constructor(port: number) {
    this.#guard = new RequestGuard(port);
    // Cookies do not know ports: two consoles on one machine must not take each other's.
    this.#cookieName = `portico-console-${port}`;
  }

  /** The query that invites one browser; empty once it was used. */
  get invitation(): string {
    return this.#invitation === undefined ? '' : `?key=${this.#invitation}`;
  }

  /** For the browser that was invited. */
  get cookie(): string {
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  check(request: IncomingMessage): Admission {
    if (!this.#guard.isForThisMachine(request)) return 'misdirected';
    if (this.#holdsInvitation(request)) {
      this.#invitation = undefined;
      return 'invited';
    }
    if (!this.#holdsSession(request)) return 'unknown';
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    return isReading || this.#isFromOwnPage(request) ? 'admitted' : 'cross-site';
  }

  #isFromOwnPage(request: IncomingMessage): boolean {
    return this.#guard.isFromOwnPage(request) && request.headers[OWN_HEADER] === '1';
  }

  #holdsInvitation({ method, url = '' }: IncomingMessage): boolean {
    const [path, query] = url.split('?', 2);
    if (method !== 'GET' || path !== '/' || this.#invitation === undefined) return false;
    const given = new URLSearchParams(query).get('key');
    return given !== null && isSame(given, this.#invitation);
  }

  #holdsSession({ headers }: IncomingMessage): boolean {
    const prefix = `${this.#cookieName}=`;
    const given = (headers.cookie ?? '')
      .split(/;\s*/)
      .find((cookie) => cookie.startsWith(prefix))
      ?.slice(prefix.length);
    return given !== undefined && isSame(given, this.#session);
  }
}

/** In a time that does not tell how much of it was right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
