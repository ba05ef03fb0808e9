import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ArtPicture } from '../domain/art.ts';
import { PorticoError } from '../domain/errors.ts';
import type { FrameSize } from '../domain/frame.ts';
import type { Cancel, Clock } from '../domain/ports/clock.ts';
import type { Logger } from '../domain/ports/logger.ts';
import type { MonotonicMs } from '../domain/units.ts';
import { LOOPBACK_HOSTS, RequestGuard } from '../web/request-guard.ts';
import {
  type CameraPicture,
  composeHeader,
  encodeMessage,
  type KioskSettings,
} from './kiosk-message.ts';
import { ART_MODES, INITIAL_KIOSK_STATE, type KioskState, MIRROR_MODES } from './kiosk-state.ts';
import { type GetFrame, MirrorEncoder } from './mirror-encoder.ts';
import { PageFiles, refuse } from './page-files.ts';
import { LARGEST_ACKNOWLEDGEMENT_BYTES, Viewer } from './viewer.ts';

export interface ArtWall {
  readonly picture: ArtPicture | undefined;
  /** In (0, 1]. */
  readonly brightness: number;
}

export interface KioskOptions {
  /** '127.0.0.1' or '::1': the page is for the screen of this machine only. */
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly settings: KioskSettings;
  readonly frameSize: FrameSize;
  readonly getFrame: GetFrame;
  /** Bound on encoding, whatever the camera and the pages could do. */
  readonly maxFramesPerSecond: number;
  /** 1..100. */
  readonly jpegQuality: number;
  readonly maxViewers: number;
  /** The wall's picture and light while nobody is there; looked at whenever something is sent. */
  readonly art?: ArtWall | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const KIOSK_DEFAULTS = {
  host: '127.0.0.1',
  port: 8787,
  maxFramesPerSecond: 15,
  jpegQuality: 70,
  maxViewers: 4,
} as const;

/** A page that hears nothing for three seconds says so; three heartbeats fit in. */
const HEARTBEAT_MS = 1_000;
const ACKNOWLEDGE_WITHIN_MS = 10_000;
/** A state that speaks to a visitor and is not published again within this time no longer holds. */
const VISITOR_STATE_HOLDS_MS = 10_000;
const SOCKET_PATH = '/live';

/** The page on the wall, live. */
export interface Kiosk {
  readonly url: string;
  readonly viewerCount: number;
  /**
   * Shows `state` on every page, at once where the page is ready. Never throws, never waits. A state
   * of a visitor (look-here, checking, welcome, refused) must be published again within 10 s, or
   * the pages go back to idle: a greeting never outlives its visit.
   */
  publish(state: KioskState): void;
  /** Idempotent. */
  close(): Promise<void>;
}

/**
 * Serves the page and its live socket on a loopback address.
 * @throws PORTICO_KIOSK_UNAVAILABLE if the address is not loopback, the port is taken, or the page is incomplete
 */
export async function startKiosk(options: KioskOptions): Promise<Kiosk> {
  if (!LOOPBACK_HOSTS.includes(options.host)) {
    throw new PorticoError('PORTICO_KIOSK_UNAVAILABLE', {
      message: `the page cannot be served on ${options.host}: it is for this machine's own screen`,
      remedy: `Set the kiosk's host to ${LOOPBACK_HOSTS.join(' or ')}.`,
    });
  }
  const files = await PageFiles.load();
  const server = createServer({
    headersTimeout: 5_000,
    requestTimeout: 5_000,
    maxHeaderSize: 8_192,
  });
  server.maxConnections = 32;
  const port = await listen(server, options);
  return new KioskServer(options, { server, port, files });
}

class KioskServer implements Kiosk {
  readonly url: string;
  readonly #options: KioskOptions;
  readonly #server: Server;
  readonly #guard: RequestGuard;
  readonly #sockets: WebSocketServer;
  readonly #encoder: MirrorEncoder;
  readonly #viewers = new Set<Viewer>();
  #state = INITIAL_KIOSK_STATE;
  #publishedAtMs: MonotonicMs;
  #revision = 0;
  #picture: CameraPicture | undefined;
  #stopBeat: Cancel | undefined;
  #closing: Promise<void> | undefined;
  #encoderFailed = false;

  constructor(
    options: KioskOptions,
    open: { readonly server: Server; readonly port: number; readonly files: PageFiles },
  ) {
    this.#options = options;
    this.#server = open.server;
    this.#guard = new RequestGuard(open.port);
    this.url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${open.port}/`;
    this.#publishedAtMs = options.clock.now();
    this.#encoder = new MirrorEncoder(options.frameSize, options.jpegQuality, options.getFrame);
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: LARGEST_ACKNOWLEDGEMENT_BYTES,
    });
    open.server.on('request', (request, response) => {
      if (this.#guard.isForThisMachine(request)) open.files.serve(request, response);
      else refuse(response, 421, 'Misdirected Request');
    });
    // A server that fails takes the page along, never the gate.
    open.server.on('error', (cause) => {
      options.logger.error({ event: 'kiosk.server-failed', cause: String(cause) }, 'page lost');
    });
    open.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    options.logger.info({ event: 'kiosk.started', url: this.url }, 'the page is served');
  }

  get viewerCount(): number {
    return this.#viewers.size;
  }

  publish(state: KioskState): void {
    this.#state = state;
    this.#publishedAtMs = this.#options.clock.now();
    this.#revision += 1;
    if (!MIRROR_MODES.has(state.mode)) this.#picture = undefined;
    this.#flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shut();
    return this.#closing;
  }

  async #shut(): Promise<void> {
    this.#stopBeat?.();
    for (const viewer of this.#viewers) viewer.terminate();
    this.#sockets.close();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (!this.#guard.isFromOwnPage(request)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
    } else if (request.url !== SOCKET_PATH) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
    } else if (this.#viewers.size >= this.#options.maxViewers || this.#closing !== undefined) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    } else {
      this.#sockets.handleUpgrade(request, socket, head, (page) => this.#admit(page));
    }
  }

  #admit(page: WebSocket): void {
    const viewer = new Viewer(page, () => this.#flush());
    this.#viewers.add(viewer);
    page.on('close', () => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size > 0) return;
      // Nobody looks: no timer, no encoding, and no picture kept.
      this.#stopBeat?.();
      this.#stopBeat = undefined;
      this.#picture = undefined;
    });
    this.#stopBeat ??= this.#options.clock.every(1_000 / this.#options.maxFramesPerSecond, () =>
      this.#beat(),
    );
    this.#flush();
  }

  #beat(): void {
    const now = this.#options.clock.now();
    for (const viewer of this.#viewers) {
      if (!viewer.isOverdue(now, ACKNOWLEDGE_WITHIN_MS)) continue;
      this.#options.logger.warn(
        { event: 'kiosk.viewer-dropped', waitedMs: viewer.silentForMs(now) },
        'a page stopped answering and was disconnected',
      );
      viewer.terminate();
    }
    if (MIRROR_MODES.has(this.#state.mode)) {
      if (now - this.#publishedAtMs > VISITOR_STATE_HOLDS_MS) this.publish(atRest(this.#state));
      else if ([...this.#viewers].some((viewer) => viewer.isReady)) void this.#renewPicture();
    }
    this.#flush();
  }

  async #renewPicture(): Promise<void> {
    try {
      const picture = await this.#encoder.encodeNewest();
      if (picture === undefined || !MIRROR_MODES.has(this.#state.mode)) return;
      this.#picture = picture;
      this.#flush();
    } catch (cause) {
      // The page goes on without a picture; one line, not one per frame.
      if (this.#encoderFailed) return;
      this.#encoderFailed = true;
      this.#options.logger.error(
        { event: 'kiosk.encoder-failed', cause: String(cause) },
        'the camera picture cannot be encoded for the page',
      );
    }
  }

  /** Sends each ready page what it has not seen, or a sign of life. */
  #flush(): void {
    const now = this.#options.clock.now();
    const wall = ART_MODES.has(this.#state.mode) ? this.#options.art : undefined;
    const art = wall?.picture;
    for (const viewer of this.#viewers) {
      if (!viewer.isReady) continue;
      const artNews = viewer.hasSeenArt(art?.sequence) ? undefined : art;
      const isNews =
        artNews !== undefined || !viewer.hasSeen(this.#revision, this.#picture?.sequence);
      if (!isNews && viewer.silentForMs(now) < HEARTBEAT_MS) continue;
      const picture = viewer.hasSeenFrame(this.#picture?.sequence) ? undefined : this.#picture;
      const header = composeHeader(this.#state, this.#options.settings, {
        number: viewer.nextNumber,
        frame: picture?.sequence,
        wallMs: this.#options.clock.wall(),
        wall: art === undefined ? undefined : { picture: art, isAttached: artNews !== undefined },
        brightness: wall?.brightness ?? 1,
      });
      viewer.send(encodeMessage(header, (artNews ?? picture)?.jpeg), {
        revision: this.#revision,
        frame: picture?.sequence,
        art: art?.sequence,
        now,
      });
    }
  }
}

/** The same gate with nobody before it. */
function atRest(state: KioskState): KioskState {
  const { welcomeName: _forgotten, ...rest } = state;
  return { ...rest, mode: 'idle', reasons: [], advice: undefined, face: undefined };
}

function listen(server: Server, { host, port }: KioskOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new PorticoError('PORTICO_KIOSK_UNAVAILABLE', {
          message: `the page cannot be served on ${host} port ${port}: ${REASONS[cause.code ?? ''] ?? cause.message}`,
          remedy: 'Stop the other program, or choose another kiosk port in the configuration.',
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

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'ports below 1024 need a privilege that the gate does not have',
  EADDRNOTAVAIL: 'this machine has no such address',
};
