import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeviceError } from '../../src/domain/errors.ts';
import type { FrameSize } from '../../src/domain/frame.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import type { MonotonicMs } from '../../src/domain/units.ts';
import type { LibcameraSpec } from './camera-spec.ts';
import { childFailure } from './child-failure.ts';
import type { FrameRun, FrameSource, RunEnd, RunListener } from './frame-source.ts';
import { JpegSplitter } from './jpeg-splitter.ts';
import { checkLibcameraArguments } from './libcamera-arguments.ts';
import type { RunVideo } from './libcamera-package.ts';
import { decodePicture } from './picture-decoder.ts';
import { signalProcessesNaming } from './process-search.ts';

export interface LibcameraSourceOptions {
  readonly spec: LibcameraSpec;
  readonly size: FrameSize;
  readonly clock: Clock;
  readonly runVideo: RunVideo;
}

const GRACE_MS = 700;
const JPEG_QUALITY = 90;
const run = promisify(execFile);

/**
 * A stream out of a package that has none: node-libcamera is told to record motion JPEG into a named
 * pipe, which is read here. The package gives no handle on the program either, so the program is found
 * by the unique name of that pipe when it has to be ended.
 */
export class LibcameraSource implements FrameSource {
  readonly description: string;
  readonly device: string;
  readonly atEnd = 'start-over';
  readonly #options: LibcameraSourceOptions;

  constructor(options: LibcameraSourceOptions) {
    this.device = `libcamera:${options.spec.index}`;
    this.description = `${this.device} through node-libcamera`;
    this.#options = options;
  }

  start(listener: RunListener): FrameRun {
    return new LibcameraRun(listener, this.#options, this.description, this.device);
  }
}

class LibcameraRun implements FrameRun {
  readonly #listener: RunListener;
  readonly #options: LibcameraSourceOptions;
  readonly #description: string;
  readonly #device: string;
  readonly #splitter = new JpegSplitter();
  readonly #done: Promise<void>;
  #pipePath: string | undefined;
  #stream: Socket | undefined;
  #newest: { readonly jpeg: Buffer; readonly arrivedAtMs: MonotonicMs } | undefined;
  #decoding: Promise<void> | undefined;
  #isOver = false;

  constructor(
    listener: RunListener,
    options: LibcameraSourceOptions,
    description: string,
    device: string,
  ) {
    this.#listener = listener;
    this.#options = options;
    this.#description = description;
    this.#device = device;
    this.#done = this.#run();
  }

  lastWords(): string {
    return '';
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#stream?.destroy();
    await this.#signal('SIGINT');
    const cancel = this.#options.clock.after(GRACE_MS, () => void this.#signal('SIGKILL'));
    await this.#done;
    await this.#decoding;
    cancel();
  }

  /** From the named pipe to the last trace; never rejects. */
  async #run(): Promise<void> {
    let end: RunEnd = { kind: 'finished' };
    try {
      await this.#record();
    } catch (error) {
      end = { kind: 'failed', fault: this.#faultOf(error) };
    }
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onEnd(end);
  }

  async #record(): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'portico-camera-'));
    try {
      const pipePath = join(folder, 'frames');
      await run('mkfifo', ['-m', '600', pipePath]);
      this.#readFrom(pipePath);
      if (this.#isOver) return;
      this.#pipePath = pipePath;
      await this.#options.runVideo(this.#arguments(pipePath));
    } finally {
      this.#stream?.destroy();
      await rm(folder, { recursive: true, force: true });
    }
  }

  #arguments(output: string): ReturnType<typeof checkLibcameraArguments> {
    const { spec, size } = this.#options;
    return checkLibcameraArguments({
      timeout: 0,
      codec: 'mjpeg',
      nopreview: true,
      flush: true,
      // The package keeps all that the program says; a line per frame would overflow it in minutes.
      verbose: 0,
      quality: JPEG_QUALITY,
      camera: spec.index,
      width: size.widthPx,
      height: size.heightPx,
      framerate: spec.framesPerSecond,
      rotation: spec.rotation,
      output,
    });
  }

  /** Opened for writing too, so that opening waits for nobody and no pause of the program ends the stream. */
  #readFrom(pipePath: string): void {
    const fd = openSync(pipePath, constants.O_RDWR | constants.O_NONBLOCK);
    const stream = new Socket({ fd, readable: true, writable: false });
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => this.#onChunk(chunk));
    stream.on('error', () => undefined);
  }

  #onChunk(chunk: Buffer): void {
    const jpeg = this.#splitter.push(chunk).at(-1);
    if (jpeg === undefined || this.#isOver) return;
    this.#newest = { jpeg, arrivedAtMs: this.#options.clock.now() };
    this.#decoding ??= this.#decode().finally(() => {
      this.#decoding = undefined;
    });
  }

  /** Decodes the newest picture; those that arrive meanwhile replace each other. */
  async #decode(): Promise<void> {
    for (let next = this.#newest; next !== undefined && !this.#isOver; next = this.#newest) {
      this.#newest = undefined;
      try {
        const frame = await decodePicture(next.jpeg, this.#options.size);
        if (this.#isOver) return;
        this.#listener.beginFrame().set(frame);
        this.#listener.commitFrame(next.arrivedAtMs);
      } catch {
        // A torn picture; the supervisor notices if no whole one follows.
      }
    }
  }

  #faultOf(error: unknown): DeviceError {
    if (error instanceof DeviceError) return error;
    const text = error instanceof Error ? error.message : String(error);
    const words = text.trim().split('\n').join(' | ').slice(-600);
    return childFailure(this.#description, this.#device, 'libcamera-vid', words);
  }

  async #signal(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    if (this.#pipePath !== undefined) await signalProcessesNaming(this.#pipePath, signal);
  }
}
