import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError } from '../../src/domain/errors.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { Logger } from '../../src/domain/ports/logger.ts';
import type { FrameRun, FrameSource, RunListener } from './frame-source.ts';
import { PacedFrameWriter } from './paced-frame-writer.ts';
import { decodePicture } from './picture-decoder.ts';

export interface FolderSourceOptions {
  readonly path: string;
  readonly loop: boolean;
  readonly framesPerSecond: number;
  readonly size: FrameSize;
  readonly clock: Clock;
  readonly logger: Logger;
}

const PICTURE_NAME = /\.(jpe?g|png)$/i;
/** Decoded frames that wait for their tick: enough to hide one slow file, few enough to stay small. */
const AHEAD = 3;

/** Replays the pictures of a folder in the order of their names (numbers inside names count as numbers). */
export class FolderSource implements FrameSource {
  readonly description: string;
  readonly device: string;
  readonly atEnd: 'start-over' | 'fault';
  readonly #options: FolderSourceOptions;

  constructor(options: FolderSourceOptions) {
    this.description = `folder ${options.path} at ${options.framesPerSecond} fps`;
    this.device = options.path;
    this.atEnd = 'fault';
    this.#options = options;
  }

  start(listener: RunListener): FrameRun {
    const { path } = this.#options;
    const unavailable = (message: string, cause?: unknown): DeviceError =>
      new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
        message: `camera dir:${path}: ${message}`,
        remedy:
          'Name a folder with .jpg or .png pictures; the path is relative to where Portico started.',
        device: path,
        transient: false,
        cause,
      });
    let names: readonly string[];
    try {
      names = readdirSync(path).filter((name) => PICTURE_NAME.test(name));
    } catch (cause) {
      throw unavailable('the folder cannot be read', cause);
    }
    if (names.length === 0) throw unavailable('there is no picture in it');
    const order = new Intl.Collator('en', { numeric: true });
    const files = [...names].sort(order.compare).map((name) => join(path, name));
    return new FolderRun(files, listener, this.#options, (message) => unavailable(message));
  }
}

class FolderRun implements FrameRun {
  readonly #files: readonly string[];
  readonly #listener: RunListener;
  readonly #options: FolderSourceOptions;
  readonly #unavailable: (message: string) => DeviceError;
  readonly #ready: Buffer[] = [];
  readonly #writer: PacedFrameWriter;
  readonly #unreadable = new Set<string>();
  #next = 0;
  #isOver = false;
  #decoding: Promise<void> | undefined;

  constructor(
    files: readonly string[],
    listener: RunListener,
    options: FolderSourceOptions,
    unavailable: (message: string) => DeviceError,
  ) {
    this.#files = files;
    this.#listener = listener;
    this.#options = options;
    this.#unavailable = unavailable;
    this.#writer = new PacedFrameWriter({
      clock: options.clock,
      framesPerSecond: options.framesPerSecond,
      sink: listener,
      fill: (target) => this.#fill(target),
      onEnd: () => this.#onEnd(),
    });
    this.#decodeAhead();
  }

  lastWords(): string {
    return '';
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#writer.stop();
    await this.#decoding;
  }

  #fill(target: Uint8Array): 'filled' | 'late' | 'end' {
    const frame = this.#ready.shift();
    if (frame !== undefined) target.set(frame);
    this.#decodeAhead();
    if (frame !== undefined) return 'filled';
    return this.#decoding === undefined ? 'end' : 'late';
  }

  /** Keeps one decoding loop going until enough frames wait or nothing is left to decode. */
  #decodeAhead(): void {
    if (this.#decoding !== undefined || !this.#hasMore()) return;
    this.#decoding = this.#decode().finally(() => {
      this.#decoding = undefined;
    });
  }

  async #decode(): Promise<void> {
    while (!this.#isOver && this.#ready.length < AHEAD && this.#hasMore()) {
      const file = this.#files[this.#next % this.#files.length] ?? '';
      this.#next += 1;
      try {
        this.#ready.push(await decodePicture(file, this.#options.size));
      } catch (error) {
        this.#skip(file, error);
      }
    }
  }

  #hasMore(): boolean {
    if (this.#unreadable.size === this.#files.length) return false;
    return this.#options.loop || this.#next < this.#files.length;
  }

  #skip(file: string, error: unknown): void {
    if (this.#unreadable.has(file)) return;
    this.#unreadable.add(file);
    const detail = error instanceof Error ? error.message : String(error);
    this.#options.logger.warn(
      { event: 'camera.picture-skipped', file, detail },
      'unreadable picture',
    );
  }

  #onEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#unreadable.size === this.#files.length) {
      const fault = this.#unavailable('none of its pictures can be decoded');
      this.#listener.onEnd({ kind: 'failed', fault });
    } else {
      this.#listener.onEnd({ kind: 'finished' });
    }
  }
}
