import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { kill } from 'node:process';
import { Readable } from 'node:stream';
import { DeviceError } from '../../src/domain/errors.ts';
import { type FrameSize, frameBytes } from '../../src/domain/frame.ts';
import type { Clock } from '../../src/domain/ports/clock.ts';
import { childFailure } from './child-failure.ts';
import { FrameAssembler } from './frame-assembler.ts';
import type { FrameRun, FrameSource, RunListener } from './frame-source.ts';
import { FRAME_FD } from './gstreamer-pipelines.ts';
import { findProgram } from './program-search.ts';

/** What to run; made afresh for each start, so that it sees the machine as it is then. */
export interface ChildPlan {
  /** Absolute path. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** Written to the child's standard input, which is then closed. */
  readonly input?: string;
  /** Opened for reading and handed over as descriptor 4. */
  readonly clip?: string;
}

export interface ChildSourceOptions {
  readonly description: string;
  readonly device: string;
  readonly atEnd: 'start-over' | 'fault';
  readonly size: FrameSize;
  readonly clock: Clock;
  readonly searchPath: string;
  /** Takes credentials out of the child's own words. */
  readonly redact?: (text: string) => string;
  /** @throws DeviceError when it cannot work */
  readonly plan: () => ChildPlan;
}

const LAST_WORDS_CHARS = 600;
/** What a program gets to let go of its device in good order before it is killed. */
const GRACE_MS = 700;
/** After that not even the kernel ends it (a driver that hangs): it is left, and nobody waits for ever. */
const LOST_MS = 3_000;

/**
 * Frames from a child process that writes them raw to descriptor 3. The child leads a process group
 * of its own, which is killed as a whole, and it dies with this process: by the kernel's parent-death
 * signal where `setpriv` (util-linux) exists, and by the broken pipe at its next frame anyway. That
 * signal follows the thread: a camera opened in a worker ends with the worker.
 */
export class ChildSource implements FrameSource {
  readonly description: string;
  readonly device: string;
  readonly atEnd: 'start-over' | 'fault';
  readonly #options: ChildSourceOptions;

  constructor(options: ChildSourceOptions) {
    this.description = options.description;
    this.device = options.device;
    this.atEnd = options.atEnd;
    this.#options = options;
  }

  start(listener: RunListener): FrameRun {
    return new ChildRun(launch(this.#options), listener, this.#options);
  }
}

function launch(options: ChildSourceOptions): ChildProcess {
  const plan = options.plan();
  const guard = findProgram('setpriv', options.searchPath);
  const [program, guarded] =
    guard === undefined ? [plan.program, []] : [guard, ['--pdeathsig', 'KILL', '--', plan.program]];
  let clip: number | undefined;
  try {
    clip = plan.clip === undefined ? undefined : openSync(plan.clip, 'r');
    const child = spawn(program, [...guarded, ...plan.arguments], {
      detached: true,
      stdio: [
        plan.input === undefined ? 'ignore' : 'pipe',
        'ignore',
        'pipe',
        'pipe',
        clip ?? 'ignore',
      ],
    });
    // A child that dies before it has read its input is reported by its end, not by the pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(plan.input);
    return child;
  } catch (cause) {
    throw new DeviceError('PORTICO_CAMERA_UNAVAILABLE', {
      message: `${options.description}: ${plan.program} could not be started`,
      remedy: 'Look at memory, process and file limits of this machine.',
      device: options.device,
      transient: true,
      cause,
    });
  } finally {
    if (clip !== undefined) closeSync(clip);
  }
}

class ChildRun implements FrameRun {
  readonly #child: ChildProcess;
  readonly #listener: RunListener;
  readonly #options: ChildSourceOptions;
  readonly #gone: Promise<void>;
  #words = '';
  #isOver = false;
  #hasExited = false;

  constructor(child: ChildProcess, listener: RunListener, options: ChildSourceOptions) {
    this.#child = child;
    this.#listener = listener;
    this.#options = options;
    this.#readWords();
    this.#readFrames();
    this.#gone = new Promise((resolve) => {
      child.once('exit', () => {
        this.#hasExited = true;
        // Whatever the leader left behind in its group goes with it.
        this.#signal('SIGKILL');
        resolve();
      });
      child.once('error', (cause) => {
        if (child.pid === undefined) resolve();
        this.#end(`not started, ${cause.message}`);
      });
    });
    // 'close' comes after the last byte of every pipe, so the last frames of a clip still count.
    child.once('close', (code, signal) => {
      if (code === 0) this.#finish();
      else this.#end(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  }

  lastWords(): string {
    const redact = this.#options.redact ?? ((text: string): string => text);
    return redact(this.#words)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join(' | ')
      .slice(-LAST_WORDS_CHARS);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    if (!this.#hasExited && this.#child.pid !== undefined) {
      // SIGINT: every version of gst-launch and ffmpeg then closes its device in good order.
      this.#signal('SIGINT');
      // Nobody reads on: a child that waits in a write wakes by the broken pipe.
      this.#child.stdio[FRAME_FD]?.destroy();
      const { clock } = this.#options;
      const cancelKill = clock.after(GRACE_MS, () => this.#signal('SIGKILL'));
      await new Promise<void>((resolve) => {
        const cancelWait = clock.after(LOST_MS, resolve);
        void this.#gone.then(() => {
          cancelWait();
          resolve();
        });
      });
      cancelKill();
    }
    this.#child.stderr?.destroy();
    this.#child.stdio[FRAME_FD]?.destroy();
  }

  #readWords(): void {
    this.#child.stderr?.setEncoding('utf8');
    this.#child.stderr?.on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-4 * LAST_WORDS_CHARS);
    });
    this.#child.stderr?.on('error', () => undefined);
  }

  #readFrames(): void {
    const stream = this.#child.stdio[FRAME_FD];
    if (!(stream instanceof Readable)) return;
    const { size, clock } = this.#options;
    const assembler = new FrameAssembler(this.#listener, frameBytes(size), () => clock.now());
    stream.on('data', (chunk: Uint8Array) => {
      if (!this.#isOver) assembler.push(chunk);
    });
    stream.on('error', () => undefined);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onEnd({ kind: 'finished' });
  }

  #end(how: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { description, device } = this.#options;
    const fault = childFailure(description, device, how, this.lastWords());
    this.#listener.onEnd({ kind: 'failed', fault });
  }

  #signal(signal: 'SIGINT' | 'SIGKILL'): void {
    if (this.#child.pid === undefined) return;
    try {
      kill(-this.#child.pid, signal);
    } catch {
      // The group is gone already.
    }
  }
}
