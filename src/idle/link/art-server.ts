import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { PorticoError } from '../../domain/errors.ts';
import type { Cancel, Clock } from '../../domain/ports/clock.ts';

export interface ArtServerParts {
  /** Of the Unix socket. */
  readonly path: string;
  readonly clock: Clock;
  readonly onConnection: (socket: Socket) => void;
  readonly onFault: (fault: PorticoError) => void;
  readonly onOpen: () => void;
}

const RETRY_MS = 10_000;
/** The gate's group, to which the art process belongs, and nobody else. */
const SOCKET_MODE = 0o660;
const FOLDER_MODE = 0o750;

/** Where the art process finds the gate: a socket in the file system, so that its mode says who may. */
export class ArtServer {
  readonly #parts: ArtServerParts;
  #server: Server | undefined;
  #isClosed = false;
  #cancelRetry: Cancel = () => undefined;

  constructor(parts: ArtServerParts) {
    this.#parts = parts;
  }

  /** Never rejects: without a socket the gate goes on, and it is tried again. */
  async open(): Promise<void> {
    const { path, clock, onFault, onOpen } = this.#parts;
    try {
      await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
      await this.#removeRemains();
      const server = await listen(path, this.#parts.onConnection);
      this.#server = server;
      await chmod(path, SOCKET_MODE);
      if (this.#isClosed) await this.close();
      else onOpen();
    } catch (cause) {
      if (this.#isClosed) return;
      onFault(unavailable(path, cause));
      this.#cancelRetry = clock.after(RETRY_MS, () => void this.open());
    }
  }

  /** Idempotent. Connections end by their own lines. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRetry();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  /** A gate that was killed leaves its socket behind; one that lives keeps it. */
  async #removeRemains(): Promise<void> {
    const { path } = this.#parts;
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) return;
    if (!found.isSocket()) throw new Error('something else is there');
    if (await answers(path)) throw new Error('another gate listens there');
    await rm(path, { force: true });
  }
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });

function listen(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(onConnection);
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      // What fails later ends connections; the next one is answered again or not at all.
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}

const unavailable = (path: string, cause: unknown): PorticoError =>
  new PorticoError('PORTICO_ART_UNAVAILABLE', {
    message: `the art process cannot be met at ${path}: ${cause instanceof Error ? cause.message : 'unknown'}`,
    remedy: 'Correct art.socket, or end the other gate.',
    cause,
    context: { path },
  });
